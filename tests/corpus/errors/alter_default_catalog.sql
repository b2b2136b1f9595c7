SET 'execution.runtime-mode' = 'batch';
ALTER CATALOG default_catalog SET ('a' = 'b');
