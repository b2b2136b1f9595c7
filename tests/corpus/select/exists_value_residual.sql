SET 'execution.runtime-mode' = 'batch';
CREATE TABLE emp (
  eid INT,
  ename STRING,
  did INT,
  sal DECIMAL(8, 2),
  hired DATE,
  mgr INT
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/emp.csv', 'format' = 'csv', 'csv.null-literal' = '');
SELECT e.ename, EXISTS (SELECT 1 FROM emp x WHERE x.sal > e.sal AND x.did = e.did) AS x FROM emp e;
