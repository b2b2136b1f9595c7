-- q2: bids on the auctions whose id is a multiple of 123.
CREATE TABLE sink (auction BIGINT, price BIGINT) WITH ('connector' = 'blackhole');

INSERT INTO sink
SELECT auction, price FROM bid WHERE MOD(auction, 123) = 0;
