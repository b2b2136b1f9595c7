SET 'execution.runtime-mode' = 'batch';
SELECT JSON_OBJECT('a', 1);
