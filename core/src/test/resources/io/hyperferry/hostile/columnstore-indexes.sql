SET search_path = hostile, public;

CREATE TABLE sparse_indexes (at timestamptz NOT NULL, "A a" text, b bigint, c uuid);
SELECT create_hypertable('sparse_indexes', 'at', chunk_time_interval => INTERVAL '1 day');
ALTER TABLE sparse_indexes SET (timescaledb.compress, timescaledb.compress_segmentby = '', timescaledb.compress_orderby = 'at DESC',
    timescaledb.compress_index = 'bloom("A a"),minmax("b"),bloom("c")');
INSERT INTO sparse_indexes SELECT TIMESTAMPTZ '2026-01-01 00:00+00' + i * INTERVAL '1 hour', 'a' || i, i, md5(i::text)::uuid FROM generate_series(0, 60) i;
SELECT compress_chunk(c) FROM show_chunks('sparse_indexes', older_than => TIMESTAMPTZ '2026-01-03 00:00+00') c;
CREATE TABLE sparse_none (at timestamptz NOT NULL, a text);
SELECT create_hypertable('sparse_none', 'at', chunk_time_interval => INTERVAL '1 day');
ALTER TABLE sparse_none SET (timescaledb.compress, timescaledb.compress_orderby = 'at', timescaledb.compress_index = '');
INSERT INTO sparse_none VALUES ('2026-01-01 00:00+00', 'a');
