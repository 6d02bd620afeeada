SET search_path = hostile, public;

CREATE TABLE at_timestamptz (at timestamptz NOT NULL, device int, value float8, note text, added int GENERATED ALWAYS AS (device + 1) STORED);
SELECT create_hypertable('at_timestamptz', 'at', chunk_time_interval => INTERVAL '1 day');
INSERT INTO at_timestamptz SELECT t, extract(minute FROM t)::int, CASE WHEN extract(hour FROM t) = 3 THEN 'NaN' ELSE 1.1 END, NULL
FROM generate_series(TIMESTAMPTZ '2026-01-01 00:00+00', '2026-01-04 00:00+00', '5 minutes') t;
-- The interval has changed twice; and there are moments on bounds, next to bounds, and far away from all others.
SELECT set_chunk_time_interval('at_timestamptz', INTERVAL '7 hours');
INSERT INTO at_timestamptz SELECT t, 1, 2, 'seven' FROM generate_series(TIMESTAMPTZ '2026-02-01 00:00+00', '2026-02-03 00:00+00', '1 hour') t;
SELECT set_chunk_time_interval('at_timestamptz', INTERVAL '1 month');
INSERT INTO at_timestamptz VALUES ('2026-01-02 23:59:59.999999+00', 1), ('2026-03-01 00:00+00', 2), ('1969-12-31 23:59:59.999999+00', 3),
    ('1970-01-01 00:00+00', 4), ('0044-03-15 12:00+00 BC', 5), ('9999-12-31 23:59:59+00', 6), ('infinity', 8), ('4713-01-02 00:00+00 BC', 9), ('2026-02-02 00:00+00', 7);
CREATE TABLE at_timestamp (at timestamp NOT NULL, value int);
SELECT create_hypertable('at_timestamp', 'at', chunk_time_interval => INTERVAL '36 hours');
INSERT INTO at_timestamp SELECT TIMESTAMP '2026-03-28 00:00' + i * INTERVAL '30 minutes', i FROM generate_series(0, 200) i;
CREATE TABLE at_date (value text, at date NOT NULL);
SELECT create_hypertable('at_date', 'at', chunk_time_interval => INTERVAL '10 days');
INSERT INTO at_date SELECT i::text, DATE '2026-01-01' + i FROM generate_series(-40, 40) i;
CREATE TABLE at_smallint (at smallint NOT NULL, value int);
SELECT create_hypertable('at_smallint', 'at', chunk_time_interval => 100);
INSERT INTO at_smallint SELECT i, i FROM unnest(ARRAY[-32768, -101, -100, -99, -1, 0, 1, 99, 100, 101, 32767]) i;
CREATE TABLE at_int (at int NOT NULL, value int);
SELECT create_hypertable('at_int', 'at', chunk_time_interval => 100000);
INSERT INTO at_int SELECT i, i FROM unnest(ARRAY[-2147483648, -1, 0, 99999, 100000, 2147483647]) i;
CREATE TABLE at_bigint (at bigint NOT NULL, value int);
SELECT create_hypertable('at_bigint', 'at', chunk_time_interval => 1000000);
INSERT INTO at_bigint SELECT i, 1 FROM unnest(ARRAY[-9223372036854775808, -1, 0, 1, 1767225600000, 9223372036854775807]) i;
CREATE FUNCTION "now as int"() RETURNS int LANGUAGE sql STABLE AS $$ SELECT 100000 $$;
CREATE FUNCTION hostile_ext.now_as_bigint() RETURNS bigint LANGUAGE sql STABLE AS $$ SELECT 1767225600000 $$;
SELECT set_integer_now_func('at_int', 'hostile."now as int"');
SELECT set_integer_now_func('at_bigint', 'hostile_ext.now_as_bigint');

CREATE FUNCTION time_of_document(document jsonb) RETURNS timestamptz LANGUAGE sql IMMUTABLE
    AS $$ SELECT (document ->> 'at')::timestamptz $$;
CREATE FUNCTION "Time of ""text"""(value text) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$ SELECT substr(value, 2)::bigint $$;
CREATE FUNCTION last_digit(value anyelement) RETURNS int LANGUAGE sql IMMUTABLE
    AS $$ SELECT (abs(hashtext($1::text)) % 10) * 200000000 $$;
CREATE TABLE at_document (document jsonb NOT NULL, value int);
SELECT create_hypertable('at_document', 'document', chunk_time_interval => 86400000000, time_partitioning_func => 'time_of_document',
    create_default_indexes => false);
INSERT INTO at_document SELECT jsonb_build_object('at', TIMESTAMPTZ '2026-01-01 00:00+00' + i * INTERVAL '5 hours', 'i', i), i
FROM generate_series(1, 40) i;
CREATE TABLE at_text ("when" text NOT NULL, value int);
SELECT create_hypertable('at_text', 'when', chunk_time_interval => 10, time_partitioning_func => '"Time of ""text"""',
    create_default_indexes => false);
INSERT INTO at_text SELECT 't' || i, i FROM generate_series(1, 55) i;
CREATE TABLE at_three (at timestamptz NOT NULL, device text, region int, value int);
SELECT create_hypertable('at_three', 'at', 'device', 3, chunk_time_interval => INTERVAL '1 day');
SELECT add_dimension('at_three', 'region', number_partitions => 2, partitioning_func => 'last_digit');
INSERT INTO at_three SELECT TIMESTAMPTZ '2026-01-01 00:00+00' + i * INTERVAL '1 hour', 'd' || i % 7, i % 11, i FROM generate_series(0, 100) i;
INSERT INTO at_three VALUES ('2026-01-01 00:00+00', NULL, NULL, 0);
CREATE TABLE at_two_times (at timestamptz NOT NULL, received date NOT NULL, size bigint NOT NULL);
SELECT create_hypertable('at_two_times', 'at', chunk_time_interval => INTERVAL '7 days');
SELECT add_dimension('at_two_times', 'received', chunk_time_interval => INTERVAL '30 days');
SELECT add_dimension('at_two_times', 'size', chunk_time_interval => 1000);
INSERT INTO at_two_times SELECT TIMESTAMPTZ '2026-01-01 00:00+00' + i * INTERVAL '9 hours', DATE '2026-01-01' + i, i * 37 FROM generate_series(0, 90) i;
-- The number of partitions has changed while there were chunks.
CREATE TABLE at_more_partitions (at bigint NOT NULL, device int NOT NULL);
SELECT create_hypertable('at_more_partitions', 'at', 'device', 2, chunk_time_interval => 10);
INSERT INTO at_more_partitions SELECT i, i FROM generate_series(1, 30) i;
SELECT set_number_partitions('at_more_partitions', 5, 'device');
INSERT INTO at_more_partitions SELECT i, i FROM generate_series(31, 60) i;
CREATE TABLE in_other_schema (at timestamptz NOT NULL, value int);
SELECT create_hypertable('in_other_schema', 'at', associated_schema_name => 'hostile_chunks', associated_table_prefix => 'Odd Prefix',
    chunk_time_interval => INTERVAL '1 day');
INSERT INTO in_other_schema SELECT TIMESTAMPTZ '2026-01-01 00:00+00' + i * INTERVAL '3 hours', i FROM generate_series(0, 50) i;
CREATE TABLE in_own_schema (at timestamptz NOT NULL, value int);
SELECT create_hypertable('in_own_schema', 'at', associated_schema_name => 'hostile', chunk_time_interval => INTERVAL '1 day');
INSERT INTO in_own_schema SELECT TIMESTAMPTZ '2026-01-01 00:00+00' + i * INTERVAL '3 hours', i FROM generate_series(0, 20) i;
CREATE TABLE empty_hypertable (at timestamptz NOT NULL, value percent);
SELECT create_hypertable('empty_hypertable', 'at', chunk_time_interval => INTERVAL '13 minutes');
CREATE TABLE "emptied hypertable" (at timestamptz NOT NULL);
SELECT create_hypertable('"emptied hypertable"', 'at');
INSERT INTO "emptied hypertable" VALUES ('2026-01-01 00:00+00'), ('2027-01-01 00:00+00');
SELECT drop_chunks('"emptied hypertable"', TIMESTAMPTZ '2026-06-01 00:00+00');
DELETE FROM "emptied hypertable";
CREATE TABLE only_time (at timestamptz NOT NULL);
SELECT create_hypertable('only_time', 'at');
INSERT INTO only_time VALUES ('2026-01-01 00:00+00'), ('2026-01-01 00:00+00');
-- Columns that came and went while there were chunks, so that chunks and root number them differently.
CREATE TABLE changed_columns (gone int, at timestamptz NOT NULL, a int, "gone too" text, b text);
SELECT create_hypertable('changed_columns', 'at', chunk_time_interval => INTERVAL '1 day');
INSERT INTO changed_columns VALUES (1, '2026-01-01 00:00+00', 1, 'x', 'b');
ALTER TABLE changed_columns DROP COLUMN gone;
INSERT INTO changed_columns VALUES ('2026-01-02 00:00+00', 2, 'x', 'b');
ALTER TABLE changed_columns DROP COLUMN "gone too", ADD COLUMN c int NOT NULL DEFAULT 5;
ALTER TABLE changed_columns RENAME COLUMN b TO "b was";
ALTER TABLE changed_columns ALTER COLUMN a TYPE bigint;
INSERT INTO changed_columns VALUES ('2026-01-03 00:00+00', 3, 'b', 6);
CREATE TABLE typed_hypertable (at timestamptz NOT NULL, id bigint GENERATED ALWAYS AS IDENTITY, mood mood, point point3, share percent,
    moods mood[], doc jsonb, plain json, raw bytea, num numeric, spoken text COLLATE hostile.german_phonebook, n serial,
    made timestamptz DEFAULT now());
SELECT create_hypertable('typed_hypertable', 'at', chunk_time_interval => INTERVAL '1 day');
INSERT INTO typed_hypertable (at, mood, point, share, moods, doc, plain, raw, num, spoken)
SELECT TIMESTAMPTZ '2026-01-01 00:00+00' + i * INTERVAL '1 hour', 'happy', ROW(i, 'Infinity', NULL)::point3, i + 40, '{sad,happy}', '{"a": 1}',
    '{"a" : 1}', '\x00', 'NaN', 'ß' FROM generate_series(1, 50) i;
ALTER TABLE typed_hypertable SET (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.03);
ALTER TABLE typed_hypertable ALTER COLUMN doc SET STATISTICS 222, ALTER COLUMN spoken SET STORAGE EXTERNAL, ALTER COLUMN raw SET COMPRESSION lz4;
ALTER TABLE typed_hypertable ALTER COLUMN mood SET (n_distinct = 3);
