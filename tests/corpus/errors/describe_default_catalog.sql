SET 'execution.runtime-mode' = 'batch';
DESCRIBE CATALOG default_catalog;
