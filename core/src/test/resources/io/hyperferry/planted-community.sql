CREATE TABLE packed (time timestamptz NOT NULL, device int, v int);
SELECT create_hypertable('packed', 'time', chunk_time_interval => INTERVAL '1 day');
INSERT INTO packed
SELECT t, d, d + 1 FROM generate_series(TIMESTAMPTZ '2026-03-01 00:00+00', '2026-03-03 23:00+00', INTERVAL '1 hour') t, generate_series(1, 5) d;
ALTER TABLE packed SET (timescaledb.compress, timescaledb.compress_segmentby = 'device', timescaledb.compress_orderby = 'time');
SELECT compress_chunk(c) FROM show_chunks('packed', older_than => TIMESTAMPTZ '2026-03-04 00:00+00') c;

CREATE TABLE raw (time timestamptz NOT NULL, v int);
SELECT create_hypertable('raw', 'time', chunk_time_interval => INTERVAL '1 day');
INSERT INTO raw
SELECT t, 1 FROM generate_series(TIMESTAMPTZ '2026-03-01 00:00+00', '2026-03-03 23:00+00', INTERVAL '10 minutes') t;
CREATE MATERIALIZED VIEW hourly WITH (timescaledb.continuous, timescaledb.materialized_only = true) AS
SELECT time_bucket(INTERVAL '1 hour', time) AS bucket, count(*) AS n FROM raw GROUP BY 1 WITH NO DATA;
