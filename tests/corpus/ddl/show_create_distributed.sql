SET 'execution.runtime-mode' = 'batch';
CREATE TABLE t (a INT) DISTRIBUTED BY HASH(a) INTO 4 BUCKETS WITH ('connector' = 'blackhole');
SHOW CREATE TABLE t;
