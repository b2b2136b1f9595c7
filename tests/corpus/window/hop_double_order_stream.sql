SET 'execution.runtime-mode' = 'streaming';
CREATE TABLE bids (
  auction BIGINT,
  bidder BIGINT,
  price DECIMAL(10, 2),
  item STRING,
  ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '1' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/bids.json', 'format' = 'json');
SELECT window_end, SUM(CAST(price AS DOUBLE) * 0.1) AS t FROM TABLE(HOP(TABLE bids, DESCRIPTOR(ts), INTERVAL '5' MINUTES, INTERVAL '20' MINUTES)) GROUP BY window_start, window_end;
