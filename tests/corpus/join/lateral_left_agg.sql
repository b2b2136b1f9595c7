SET 'execution.runtime-mode' = 'streaming';
CREATE TABLE emp (
  eid INT,
  ename STRING,
  did INT,
  sal DECIMAL(8, 2),
  hired DATE,
  mgr INT
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/emp.csv', 'format' = 'csv', 'csv.null-literal' = '');
CREATE TABLE dept (
  did INT,
  dname STRING,
  city STRING
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/dept.csv', 'format' = 'csv', 'csv.null-literal' = '');
SELECT d.dname, t.m FROM dept d LEFT JOIN LATERAL (SELECT MAX(e.sal) AS m FROM emp e WHERE e.did = d.did) AS t ON TRUE;
