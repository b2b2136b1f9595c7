-- q15: per day, bids, distinct bidders and distinct auctions, each also by price class.
CREATE TABLE sink (`day` STRING, bids BIGINT, bids_low BIGINT, bids_middle BIGINT, bids_high BIGINT,
                   bidders BIGINT, bidders_low BIGINT, bidders_middle BIGINT, bidders_high BIGINT,
                   auctions BIGINT, auctions_low BIGINT, auctions_middle BIGINT, auctions_high BIGINT) WITH ('connector' = 'blackhole');

INSERT INTO sink
SELECT DATE_FORMAT(`dateTime`, 'yyyy-MM-dd') AS `day`,
       COUNT(*) AS bids,
       COUNT(*) FILTER (WHERE price < 10000) AS bids_low,
       COUNT(*) FILTER (WHERE price >= 10000 AND price < 1000000) AS bids_middle,
       COUNT(*) FILTER (WHERE price >= 1000000) AS bids_high,
       COUNT(DISTINCT bidder) AS bidders,
       COUNT(DISTINCT bidder) FILTER (WHERE price < 10000) AS bidders_low,
       COUNT(DISTINCT bidder) FILTER (WHERE price >= 10000 AND price < 1000000) AS bidders_middle,
       COUNT(DISTINCT bidder) FILTER (WHERE price >= 1000000) AS bidders_high,
       COUNT(DISTINCT auction) AS auctions,
       COUNT(DISTINCT auction) FILTER (WHERE price < 10000) AS auctions_low,
       COUNT(DISTINCT auction) FILTER (WHERE price >= 10000 AND price < 1000000) AS auctions_middle,
       COUNT(DISTINCT auction) FILTER (WHERE price >= 1000000) AS auctions_high
FROM bid
GROUP BY DATE_FORMAT(`dateTime`, 'yyyy-MM-dd');
