SET 'execution.runtime-mode' = 'streaming';
CREATE TABLE emp (
  eid INT,
  ename STRING,
  did INT,
  sal DECIMAL(8, 2),
  hired DATE,
  mgr INT
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/emp.csv', 'format' = 'csv', 'csv.null-literal' = '');
SELECT e.ename FROM emp e WHERE e.sal >= ALL (SELECT x.sal FROM emp x WHERE x.did = e.did AND x.sal IS NOT NULL);
