SET 'execution.runtime-mode' = 'batch';
CREATE TABLE emp (
  eid INT,
  ename STRING,
  did INT,
  sal DECIMAL(8, 2),
  hired DATE,
  mgr INT
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/emp.csv', 'format' = 'csv', 'csv.null-literal' = '');
SELECT ename, sal FROM emp ORDER BY sal NULLS LAST, ename DESC OFFSET 2 ROWS;
