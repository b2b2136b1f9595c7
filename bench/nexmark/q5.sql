-- q5: hot items: the auctions with the most bids in the last 10 s, every 2 s.
CREATE TABLE sink (auction BIGINT, num BIGINT) WITH ('connector' = 'blackhole');

INSERT INTO sink
SELECT counted.auction, counted.num
FROM (SELECT auction, COUNT(*) AS num, window_start, window_end
      FROM TABLE(HOP(TABLE bid, DESCRIPTOR(`dateTime`), INTERVAL '2' SECOND, INTERVAL '10' SECOND))
      GROUP BY auction, window_start, window_end) AS counted
JOIN (SELECT MAX(num) AS most, window_start, window_end
      FROM (SELECT auction, COUNT(*) AS num, window_start, window_end
            FROM TABLE(HOP(TABLE bid, DESCRIPTOR(`dateTime`), INTERVAL '2' SECOND, INTERVAL '10' SECOND))
            GROUP BY auction, window_start, window_end) AS again
      GROUP BY window_start, window_end) AS top
ON counted.window_start = top.window_start AND counted.window_end = top.window_end AND counted.num >= top.most;
