SET 'execution.runtime-mode' = 'batch';
CREATE TABLE emp (
  eid INT,
  ename STRING,
  did INT,
  sal DECIMAL(8, 2),
  hired DATE,
  mgr INT
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/emp.csv', 'format' = 'csv', 'csv.null-literal' = '');
SELECT e.ename, (SELECT COUNT(*) FROM emp x WHERE x.sal > e.sal) + 1 AS rk FROM emp e WHERE e.sal IS NOT NULL;
