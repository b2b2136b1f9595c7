SET 'execution.runtime-mode' = 'batch';
SELECT a AS x, b AS x FROM (VALUES (1, 2)) t(a, b) ORDER BY x;
