SET 'execution.runtime-mode' = 'streaming';
CREATE TABLE nullkeys (
  id INT,
  k STRING,
  v INT
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/nullkeys.json', 'format' = 'json');
CREATE TABLE nullkeys2 (
  id INT,
  k STRING,
  w INT
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/nullkeys2.json', 'format' = 'json');
SELECT l.id, r.id AS rid FROM nullkeys l FULL JOIN nullkeys2 r ON l.k IS NOT DISTINCT FROM r.k;
