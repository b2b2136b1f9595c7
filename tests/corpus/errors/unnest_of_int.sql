SET 'execution.runtime-mode' = 'streaming';
CREATE TABLE nested (
  id INT,
  arr ARRAY<INT>,
  sarr ARRAY<STRING>,
  m MAP<STRING, INT>,
  r ROW<n STRING, age INT, pos ROW<lat DOUBLE, lon DOUBLE>>,
  items ARRAY<ROW<sku STRING, qty INT>>,
  nn ARRAY<ARRAY<INT>>
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/nested.json', 'format' = 'json');
SELECT id FROM nested, UNNEST(id) AS t(x);
