SET 'execution.runtime-mode' = 'batch';
CREATE TABLE t2 (a, b) WITH ('connector' = 'filesystem', 'path' = '${OUT}/x', 'format' = 'json') AS SELECT 'x' AS b, 1 AS a;
SELECT * FROM t2;
