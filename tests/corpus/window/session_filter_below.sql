SET 'execution.runtime-mode' = 'streaming';
CREATE TABLE clicks (
  usr STRING,
  url STRING,
  ts TIMESTAMP(3),
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/clicks.json', 'format' = 'json');
SELECT usr, window_start, COUNT(*) AS n FROM TABLE(SESSION(TABLE clicks PARTITION BY usr, DESCRIPTOR(ts), INTERVAL '4' MINUTES)) WHERE url <> '/home' GROUP BY usr, window_start, window_end;
