SET 'execution.runtime-mode' = 'streaming';
CREATE TABLE customers (
  cust STRING,
  cname STRING,
  city STRING,
  tier STRING
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/customers.csv', 'format' = 'csv');
SELECT city, tier, COUNT(DISTINCT cust) AS n FROM customers GROUP BY GROUPING SETS ((city), (tier), (city, tier));
