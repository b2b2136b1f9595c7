SET 'execution.runtime-mode' = 'batch';
-- without partitions of its own a table keeps those of its source
CREATE TABLE t1 (a INT, b STRING) PARTITIONED BY (b) WITH ('connector' = 'filesystem', 'path' = '/x', 'format' = 'csv');
CREATE TABLE t2 (d INT) WITH ('connector' = 'blackhole') LIKE t1 (EXCLUDING OPTIONS EXCLUDING PARTITIONS);
SHOW CREATE TABLE t2;
