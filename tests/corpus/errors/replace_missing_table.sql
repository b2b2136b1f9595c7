SET 'execution.runtime-mode' = 'batch';
REPLACE TABLE t2 WITH ('connector' = 'blackhole') AS SELECT 'x' AS b, 1 AS a;
