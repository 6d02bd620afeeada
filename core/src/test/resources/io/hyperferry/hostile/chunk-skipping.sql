SET search_path = hostile, public;
SET timescaledb.enable_chunk_skipping = on;

CREATE TABLE skipping (at timestamptz NOT NULL, "Order no" int NOT NULL, other bigint);
SELECT create_hypertable('skipping', 'at', chunk_time_interval => INTERVAL '1 day');
SELECT enable_chunk_skipping('skipping', 'Order no');
SELECT enable_chunk_skipping('skipping', 'other');
INSERT INTO skipping SELECT TIMESTAMPTZ '2026-01-01 00:00+00' + i * INTERVAL '1 hour', i, -i FROM generate_series(0, 100) i;
