SET 'execution.runtime-mode' = 'streaming';
CREATE TABLE nums (
  id INT,
  ti TINYINT,
  si SMALLINT,
  i INT,
  b BIGINT,
  f FLOAT,
  d DOUBLE,
  d1 DECIMAL(10, 2),
  d2 DECIMAL(7, 3),
  flag BOOLEAN
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/nums.json', 'format' = 'json');
SELECT flag, AVG(ti) AS t, AVG(si) AS s, AVG(i) AS i, AVG(b) AS b FROM nums WHERE ti > 0 GROUP BY flag;
