SET 'execution.runtime-mode' = 'streaming';
CREATE TABLE emp (
  eid INT,
  ename STRING,
  did INT,
  sal DECIMAL(8, 2),
  hired DATE,
  mgr INT
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/emp.csv', 'format' = 'csv', 'csv.null-literal' = '');
SELECT e.ename FROM emp e WHERE EXISTS (SELECT 1 FROM emp m WHERE m.mgr = e.eid AND m.sal < e.sal) OR e.did IS NULL;
