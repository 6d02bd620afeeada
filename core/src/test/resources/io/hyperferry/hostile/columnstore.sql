SET search_path = hostile, hostile_ext, public;

-- Its chunks are in every state that a chunk can be in.
CREATE TABLE chunk_states (at timestamptz NOT NULL, device int, "Odd; col" text, value float8, doc jsonb);
SELECT create_hypertable('chunk_states', 'at', chunk_time_interval => INTERVAL '1 day');
INSERT INTO chunk_states SELECT t, extract(minute FROM t)::int % 3, 'o' || extract(hour FROM t), 'NaN', '{"a": [1]}'
FROM generate_series(TIMESTAMPTZ '2026-01-01 00:00+00', '2026-01-08 23:00+00', '20 minutes') t;
ALTER TABLE chunk_states SET (timescaledb.compress, timescaledb.compress_segmentby = 'device', timescaledb.compress_orderby = 'at');
SELECT compress_chunk(c) FROM show_chunks('chunk_states', older_than => TIMESTAMPTZ '2026-01-03 00:00+00') c;
ALTER TABLE chunk_states SET (timescaledb.compress, timescaledb.compress_segmentby = '"Odd; col",device',
    timescaledb.compress_orderby = 'value ASC NULLS FIRST,at DESC');
SELECT compress_chunk(c) FROM show_chunks('chunk_states', newer_than => TIMESTAMPTZ '2026-01-03 00:00+00',
    older_than => TIMESTAMPTZ '2026-01-07 00:00+00') c;
-- Partial: rows of the row store beside the compressed ones.
INSERT INTO chunk_states VALUES ('2026-01-01 00:00:01+00', 1, 'late', 1, NULL), ('2026-01-04 00:00:01+00', 2, NULL, NULL, NULL);
DO $$
DECLARE
    functions text := CASE WHEN to_regproc('_timescaledb_functions.freeze_chunk') IS NULL THEN '_timescaledb_internal' ELSE '_timescaledb_functions' END;
BEGIN
    -- One is compressed, the other is not.
    EXECUTE format('SELECT %I.freeze_chunk(c) FROM public.show_chunks(%L, newer_than => TIMESTAMPTZ %L, older_than => TIMESTAMPTZ %L) c',
        functions, 'hostile.chunk_states', '2026-01-06 00:00+00', '2026-01-08 00:00+00');
END
$$;

CREATE TABLE segment_none (at timestamptz NOT NULL, value numeric);
SELECT create_hypertable('segment_none', 'at', chunk_time_interval => INTERVAL '1 day');
ALTER TABLE segment_none SET (timescaledb.compress, timescaledb.compress_segmentby = '');
INSERT INTO segment_none SELECT TIMESTAMPTZ '2026-01-01 00:00+00' + i * INTERVAL '1 hour', i / 3.0 FROM generate_series(0, 100) i;
SELECT compress_chunk(c) FROM show_chunks('segment_none') c;
CREATE TABLE segment_default (at timestamptz NOT NULL, device int, value int);
SELECT create_hypertable('segment_default', 'at', chunk_time_interval => INTERVAL '1 day');
CREATE INDEX segment_default_device ON segment_default (device, at DESC);
INSERT INTO segment_default SELECT TIMESTAMPTZ '2026-01-01 00:00+00' + i * INTERVAL '1 hour', i % 5, i FROM generate_series(0, 100) i;
ALTER TABLE segment_default SET (timescaledb.compress);
SELECT compress_chunk(c) FROM show_chunks('segment_default', older_than => TIMESTAMPTZ '2026-01-03 00:00+00') c;
CREATE TABLE segment_several ("At, time" timestamptz NOT NULL, "a,b" int, "c ""d""" text COLLATE german_phonebook, mood mood, value point3,
    "DESC" int, made timestamptz DEFAULT now(), PRIMARY KEY ("a,b", "c ""d""", "At, time"));
SELECT create_hypertable('segment_several', 'At, time', chunk_time_interval => INTERVAL '1 day');
ALTER TABLE segment_several SET (timescaledb.compress, timescaledb.compress_segmentby = '"a,b","c ""d""",mood',
    timescaledb.compress_orderby = '"DESC" DESC NULLS LAST,"At, time" ASC NULLS FIRST', timescaledb.compress_chunk_time_interval = '4 days');
INSERT INTO segment_several SELECT TIMESTAMPTZ '2026-01-01 00:00+00' + i * INTERVAL '1 hour', i % 4, 'c' || i % 3, 'sad', ROW(i, 0, 0)::point3, i
FROM generate_series(0, 200) i;
SELECT compress_chunk(c) FROM show_chunks('segment_several') c;
CREATE TABLE only_settings (at timestamptz NOT NULL, device text, value int);
SELECT create_hypertable('only_settings', 'at', 'device', 2);
ALTER TABLE only_settings SET (timescaledb.compress, timescaledb.compress_segmentby = 'device');
INSERT INTO only_settings SELECT TIMESTAMPTZ '2026-01-01 00:00+00' + i * INTERVAL '1 day', 'd' || i % 5, i FROM generate_series(0, 50) i;
CREATE TABLE no_longer_columnar (at timestamptz NOT NULL, value int);
SELECT create_hypertable('no_longer_columnar', 'at');
ALTER TABLE no_longer_columnar SET (timescaledb.compress);
ALTER TABLE no_longer_columnar SET (timescaledb.compress = false);
INSERT INTO no_longer_columnar VALUES ('2026-01-01 00:00+00', 1);
CREATE TABLE columnar_integers (at bigint NOT NULL, value int, CHECK (value > -100));
SELECT create_hypertable('columnar_integers', 'at', chunk_time_interval => 100, associated_schema_name => 'hostile_chunks');
INSERT INTO columnar_integers SELECT i, i FROM generate_series(-50, 450) i WHERE i > -100;
ALTER TABLE columnar_integers SET (timescaledb.compress, timescaledb.compress_orderby = 'at', timescaledb.compress_segmentby = '');
SELECT compress_chunk(c) FROM show_chunks('columnar_integers', older_than => 300) c;
-- Columns that came and went after chunks were compressed.
CREATE TABLE columnar_changes (at timestamptz NOT NULL, device int, gone int, was text);
SELECT create_hypertable('columnar_changes', 'at', chunk_time_interval => INTERVAL '1 day');
ALTER TABLE columnar_changes SET (timescaledb.compress, timescaledb.compress_segmentby = 'device');
INSERT INTO columnar_changes SELECT TIMESTAMPTZ '2026-01-01 00:00+00' + i * INTERVAL '1 hour', i % 2, i, 'w' FROM generate_series(0, 60) i;
SELECT compress_chunk(c) FROM show_chunks('columnar_changes', older_than => TIMESTAMPTZ '2026-01-02 00:00+00') c;
ALTER TABLE columnar_changes ADD COLUMN added int DEFAULT 7;
ALTER TABLE columnar_changes DROP COLUMN gone;
ALTER TABLE columnar_changes RENAME COLUMN was TO "is now";
SELECT compress_chunk(c) FROM show_chunks('columnar_changes', older_than => TIMESTAMPTZ '2026-01-03 00:00+00',
    newer_than => TIMESTAMPTZ '2026-01-02 00:00+00') c;
COMMENT ON TABLE chunk_states IS 'with a columnstore';
GRANT SELECT ON chunk_states TO hf_hostile_reader WITH GRANT OPTION;
GRANT SELECT ON segment_several TO hf_hostile_reader;
