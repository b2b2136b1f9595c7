-- Clicks come from Kafka, are counted by minute of event time, and the counts go to Kafka again; visitors who come back within a minute of
-- the clock are seen as the stream flows by. examples/clicks.test tests it without a Kafka: weir test examples/clicks.test
CREATE TABLE clicks (
  visitor STRING,
  url STRING,
  ts TIMESTAMP(3),
  arrived AS PROCTIME(),
  WATERMARK FOR ts AS ts - INTERVAL '5' SECOND
) WITH (
  'connector' = 'kafka',
  'topic' = 'clicks',
  'properties.bootstrap.servers' = 'kafka:9092',
  'format' = 'json'
);

CREATE TABLE per_minute (
  minute_start TIMESTAMP(3),
  url STRING,
  clicks BIGINT,
  visitors BIGINT
) WITH ('connector' = 'kafka', 'topic' = 'per_minute', 'properties.bootstrap.servers' = 'kafka:9092', 'format' = 'json');

CREATE TABLE visitors (
  visitor STRING,
  clicks BIGINT,
  PRIMARY KEY (visitor) NOT ENFORCED
) WITH ('connector' = 'upsert-kafka', 'topic' = 'visitors', 'properties.bootstrap.servers' = 'kafka:9092', 'key.format' = 'json', 'value.format' = 'json');

CREATE TABLE busy (
  window_start TIMESTAMP(3),
  clicks BIGINT
) WITH ('connector' = 'kafka', 'topic' = 'busy', 'properties.bootstrap.servers' = 'kafka:9092', 'format' = 'json');

EXECUTE STATEMENT SET BEGIN
  INSERT INTO per_minute
  SELECT window_start, url, COUNT(*), COUNT(DISTINCT visitor)
  FROM TABLE(TUMBLE(TABLE clicks, DESCRIPTOR(ts), INTERVAL '1' MINUTE))
  GROUP BY window_start, window_end, url;

  INSERT INTO visitors
  SELECT visitor, COUNT(*) FROM clicks GROUP BY visitor;

  INSERT INTO busy
  SELECT window_start, COUNT(*)
  FROM TABLE(TUMBLE(TABLE clicks, DESCRIPTOR(arrived), INTERVAL '10' SECOND))
  GROUP BY window_start, window_end;
END;
