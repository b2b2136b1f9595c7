SET 'execution.runtime-mode' = 'batch';
SELECT NULLIF('2024-01-01', DATE '2024-01-01') AS x, NULLIF('2024-01-02', DATE '2024-01-01') AS y;
