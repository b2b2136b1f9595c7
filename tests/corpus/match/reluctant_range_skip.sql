SET 'execution.runtime-mode' = 'batch';
CREATE TABLE ticks (
  sym STRING,
  price INT,
  vol INT,
  ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '1' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/ticks.json', 'format' = 'json');
SELECT * FROM ticks MATCH_RECOGNIZE (PARTITION BY sym ORDER BY ts MEASURES FIRST(A.ts) AS a0, LAST(A.price) AS al, COUNT(A.price) AS n, SUM(A.vol) AS sv ONE ROW PER MATCH AFTER MATCH SKIP TO LAST A PATTERN (A{2,4}? B) DEFINE A AS A.price > 10, B AS B.price > 15) AS T;
