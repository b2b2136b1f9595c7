-- Which airports spoil the most days? 3,000,000 real flights of the first half of 2001, read as a stream.
--
-- For each day and airport of departure: how many flights left, and how late on average. The three latest airports of each day are its
-- spoilers (only airports with at least 100 flights that day count). The report ranks the airports by the days that they spoiled.
-- `make demo` fetches the data and runs this; by hand: weir run --param DATA=$(scripts/fetch-data path) examples/flights.sql

SET 'execution.runtime-mode' = 'streaming';

CREATE TABLE flights (
    id BIGINT,
    ts TIMESTAMP(3),
    delay BIGINT,          -- minutes
    distance BIGINT,       -- miles
    origin STRING,
    destination STRING,
    WATERMARK FOR ts AS ts -- the file is in order of time
) WITH (
    'connector' = 'filesystem',
    'path' = '${DATA}/flights/flights.csv',
    'format' = 'csv',
    'csv.header' = 'true'  -- Weir's own: Flink's csv knows no header line
);

CREATE TABLE airports (
    iata STRING,
    name STRING,
    city STRING,
    state STRING,
    country STRING,
    latitude DOUBLE,
    longitude DOUBLE
) WITH (
    'connector' = 'filesystem',
    'path' = '${DATA}/flights/airports.csv',
    'format' = 'csv',
    'csv.header' = 'true'
);

-- One row per day and airport, when the watermark says that the day is over.
CREATE VIEW days AS
SELECT window_start, window_end, origin, COUNT(*) AS departures, AVG(CAST(delay AS DOUBLE)) AS mean_delay, MAX(delay) AS longest
FROM TABLE(TUMBLE(TABLE flights, DESCRIPTOR(ts), INTERVAL '1' DAY))
GROUP BY window_start, window_end, origin;

-- The three latest airports of each day.
CREATE VIEW spoilers AS
SELECT window_start, origin, departures, mean_delay, longest, place
FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY window_start, window_end ORDER BY mean_delay DESC) AS place
      FROM days
      WHERE departures >= 100) AS ranked
WHERE place <= 3;

SELECT a.city, s.origin AS airport,
       COUNT(*) AS days_spoiled,
       COUNT(*) FILTER (WHERE s.place = 1) AS days_worst,
       SUM(s.departures) AS departures,
       CAST(AVG(s.mean_delay) AS DECIMAL(6, 1)) AS mean_delay_min,
       CAST(MAX(s.longest) / 60.0 AS DECIMAL(5, 1)) AS longest_hours,
       CAST(MAX(s.window_start) AS DATE) AS last_day
FROM spoilers AS s
JOIN airports AS a ON s.origin = a.iata
GROUP BY a.city, s.origin
ORDER BY days_spoiled DESC, airport
LIMIT 15;
