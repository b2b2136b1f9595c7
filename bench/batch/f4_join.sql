-- two hash joins to a small dimension, then group by its columns
SELECT o.state AS from_state, d.state AS to_state, COUNT(*) AS n, SUM(f.distance) AS miles, AVG(CAST(f.delay AS DOUBLE)) AS mean_delay
FROM flights AS f
JOIN airports AS o ON f.origin = o.iata
JOIN airports AS d ON f.destination = d.iata
WHERE o.country = 'USA' AND d.country = 'USA'
GROUP BY o.state, d.state
ORDER BY from_state, to_state
