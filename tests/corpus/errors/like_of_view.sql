SET 'execution.runtime-mode' = 'batch';
CREATE VIEW v AS SELECT 1 AS a;
CREATE TABLE t2 (b INT) WITH ('connector' = 'blackhole') LIKE v;
