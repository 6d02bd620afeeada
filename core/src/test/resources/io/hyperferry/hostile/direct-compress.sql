SET search_path = hostile, public;

-- The policies that it makes are not wanted here.
CREATE TABLE direct (at timestamptz NOT NULL, device int, value int);
SELECT create_hypertable('direct', 'at', chunk_time_interval => INTERVAL '1 day');
ALTER TABLE direct SET (timescaledb.compress, timescaledb.compress_segmentby = 'device', timescaledb.direct_compress);
SELECT delete_job(job_id) FROM timescaledb_information.jobs WHERE hypertable_schema = 'hostile' AND hypertable_name = 'direct';
INSERT INTO direct SELECT TIMESTAMPTZ '2026-01-01 00:00+00' + i * INTERVAL '1 hour', i % 3, i FROM generate_series(0, 100) i;
