SET 'execution.runtime-mode' = 'batch';
CREATE TABLE w (v STRING) WITH ('connector' = 'filesystem', 'path' = '${OUT}/w', 'format' = 'raw');
INSERT INTO w VALUES ('null');
CREATE TABLE t (a INT) WITH ('connector' = 'filesystem', 'path' = '${OUT}/w', 'format' = 'json');
SELECT * FROM t;
