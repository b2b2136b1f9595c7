-- q4: per category, the average of what its auctions closed at (the highest bid within the auction's life).
CREATE TABLE sink (category BIGINT, mean_final BIGINT) WITH ('connector' = 'blackhole');

INSERT INTO sink
SELECT category, AVG(final) AS mean_final
FROM (SELECT MAX(b.price) AS final, a.category
      FROM auction AS a JOIN bid AS b ON a.id = b.auction
      WHERE b.`dateTime` BETWEEN a.`dateTime` AND a.expires
      GROUP BY a.id, a.category) AS closed
GROUP BY category;
