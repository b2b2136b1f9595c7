-- q23: bids with their auction and its bidder's person, a join of three streams.
CREATE TABLE sink (auction BIGINT, bidder BIGINT, price BIGINT, channel STRING, bid_time TIMESTAMP(3), itemName STRING, category BIGINT,
                   name STRING, city STRING, state STRING) WITH ('connector' = 'blackhole');

INSERT INTO sink
SELECT b.auction, b.bidder, b.price, b.channel, b.`dateTime` AS bid_time, a.itemName, a.category, p.name, p.city, p.state
FROM bid AS b JOIN auction AS a ON b.auction = a.id JOIN person AS p ON b.bidder = p.id;
