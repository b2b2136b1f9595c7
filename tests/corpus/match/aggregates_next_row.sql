SET 'execution.runtime-mode' = 'streaming';
CREATE TABLE sensor (
  dev STRING,
  temp DOUBLE,
  hum INT,
  ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/sensor.json', 'format' = 'json');
SELECT * FROM sensor MATCH_RECOGNIZE (PARTITION BY dev ORDER BY ts MEASURES FIRST(A.temp) AS f, AVG(A.temp) AS av, SUM(A.hum) AS sh, COUNT(A.hum) AS ch, MATCH_ROWTIME() AS t ONE ROW PER MATCH AFTER MATCH SKIP TO NEXT ROW PATTERN (A{2} B) DEFINE A AS A.temp IS NOT NULL, B AS B.temp > AVG(A.temp)) AS T;
