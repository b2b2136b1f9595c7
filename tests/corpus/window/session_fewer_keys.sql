SET 'execution.runtime-mode' = 'streaming';
CREATE TABLE scores (
  seq INT,
  player STRING,
  game STRING,
  pts INT,
  ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/scores.json', 'format' = 'json');
SELECT window_start, window_end, COUNT(*) AS n FROM TABLE(SESSION(TABLE scores PARTITION BY game, DESCRIPTOR(ts), INTERVAL '1' MINUTES)) WHERE pts > 5 GROUP BY window_start, window_end;
