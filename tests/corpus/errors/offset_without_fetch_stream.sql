SET 'execution.runtime-mode' = 'streaming';
CREATE TABLE emp (
  eid INT,
  ename STRING,
  did INT,
  sal DECIMAL(8, 2),
  hired DATE,
  mgr INT
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/emp.csv', 'format' = 'csv', 'csv.null-literal' = '');
SELECT eid FROM emp ORDER BY eid OFFSET 2 ROWS;
