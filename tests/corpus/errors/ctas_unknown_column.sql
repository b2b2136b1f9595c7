SET 'execution.runtime-mode' = 'batch';
CREATE TABLE t2 (x, y) WITH ('connector' = 'blackhole') AS SELECT 'x' AS b, 1 AS a;
