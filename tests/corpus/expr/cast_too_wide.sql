SET 'execution.runtime-mode' = 'batch';
SELECT CAST(1.5 AS DECIMAL(40, 2)) AS x;
