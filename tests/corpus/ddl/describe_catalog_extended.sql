SET 'execution.runtime-mode' = 'batch';
CREATE CATALOG c2 WITH ('type' = 'generic_in_memory', 'default-database' = 'dd');
DESCRIBE CATALOG EXTENDED c2;
