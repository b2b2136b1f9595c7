-- the second one appends
SET 'execution.runtime-mode' = 'batch';
CREATE TABLE IF NOT EXISTS t2 WITH ('connector' = 'filesystem', 'path' = '${OUT}/x', 'format' = 'json') AS SELECT 'x' AS b, 1 AS a;
CREATE TABLE IF NOT EXISTS t2 WITH ('connector' = 'filesystem', 'path' = '${OUT}/x', 'format' = 'json') AS SELECT 'x' AS b, 1 AS a;
SELECT * FROM t2;
