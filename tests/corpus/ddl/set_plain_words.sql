SET 'execution.runtime-mode' = 'batch';
SET table.local-time-zone = Asia/Tokyo;
SELECT CAST(TO_TIMESTAMP_LTZ(0, 3) AS STRING) AS x;
