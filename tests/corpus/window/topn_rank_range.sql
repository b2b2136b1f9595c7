SET 'execution.runtime-mode' = 'streaming';
CREATE TABLE bids (
  auction BIGINT,
  bidder BIGINT,
  price DECIMAL(10, 2),
  item STRING,
  ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '1' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/bids.json', 'format' = 'json');
SELECT window_start, auction, price, rn FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY window_start, window_end ORDER BY price DESC) AS rn FROM TABLE(TUMBLE(TABLE bids, DESCRIPTOR(ts), INTERVAL '10' MINUTES))) WHERE rn BETWEEN 2 AND 3;
