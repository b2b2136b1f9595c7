SET 'execution.runtime-mode' = 'batch';
CREATE TABLE scores (
  seq INT,
  player STRING,
  game STRING,
  pts INT,
  ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/scores.json', 'format' = 'json');
SELECT game, player, pts, rn FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY game ORDER BY pts DESC, player, seq) AS rn FROM scores) WHERE rn BETWEEN 2 AND 3;
