SET 'execution.runtime-mode' = 'batch';
SELECT TIME '1:2';
