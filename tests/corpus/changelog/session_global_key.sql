SET 'execution.runtime-mode' = 'streaming';
CREATE TABLE scores (
  seq INT,
  player STRING,
  game STRING,
  pts INT,
  ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/scores.json', 'format' = 'json');
SELECT game, window_start, COUNT(*) AS n FROM TABLE(SESSION(TABLE scores, DESCRIPTOR(ts), INTERVAL '2' MINUTES)) GROUP BY game, window_start, window_end;
