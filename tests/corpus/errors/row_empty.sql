SET 'execution.runtime-mode' = 'batch';
SELECT ROW();
