-- q17: per auction and day, bids by price class and what they offered.
CREATE TABLE sink (auction BIGINT, `day` STRING, bids BIGINT, bids_low BIGINT, bids_middle BIGINT, bids_high BIGINT,
                   lowest BIGINT, highest BIGINT, mean BIGINT, total BIGINT) WITH ('connector' = 'blackhole');

INSERT INTO sink
SELECT auction, DATE_FORMAT(`dateTime`, 'yyyy-MM-dd') AS `day`,
       COUNT(*) AS bids,
       COUNT(*) FILTER (WHERE price < 10000) AS bids_low,
       COUNT(*) FILTER (WHERE price >= 10000 AND price < 1000000) AS bids_middle,
       COUNT(*) FILTER (WHERE price >= 1000000) AS bids_high,
       MIN(price) AS lowest, MAX(price) AS highest, AVG(price) AS mean, SUM(price) AS total
FROM bid
GROUP BY auction, DATE_FORMAT(`dateTime`, 'yyyy-MM-dd');
