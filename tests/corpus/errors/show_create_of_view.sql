SET 'execution.runtime-mode' = 'batch';
CREATE VIEW v AS SELECT 1 AS a;
SHOW CREATE TABLE v;
