-- group by, two keys (one computed), 5 aggregates
SELECT origin, EXTRACT(HOUR FROM ts) AS hr, COUNT(*) AS n, SUM(delay) AS total_delay,
       MIN(delay) AS lowest, MAX(delay) AS highest, AVG(CAST(delay AS DOUBLE)) AS mean_delay
FROM flights
GROUP BY origin, EXTRACT(HOUR FROM ts)
ORDER BY origin, hr
