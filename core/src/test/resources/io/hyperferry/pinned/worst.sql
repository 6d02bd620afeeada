CREATE ACCESS METHOD hf_heap TYPE TABLE HANDLER heap_tableam_handler;
CREATE SCHEMA app;
SET search_path = public, app;
CREATE TABLE app.allowed (id int);
CREATE FUNCTION app.small(i int) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT i < 1000';
CREATE FUNCTION app.is_allowed(i int) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT small(i)';
CREATE TABLE app.plain (id int CHECK (app.is_allowed(id)));
INSERT INTO app.plain SELECT i FROM generate_series(1, 50) i;
CREATE TABLE txt (id int PRIMARY KEY, r regclass, f float8, f4 float4, d date, iv interval, b bytea, tz timestamptz,
    ts timestamp, m money DEFAULT 12.34::money, arr float8[], x xml, n text[], note text DEFAULT E'back\\slash''quote');
INSERT INTO txt SELECT g, 'txt', pi() * g / 7e3, (1 / 3.0)::float4 * g, date '2025-03-04',
    interval '-1 year 2 mons -3 days 04:05:06.7', '\x005cff', '2025-03-30 01:30:00.123456+00',
    '2025-03-04 05:06:07.000001', 12.34::money, array[0.1 + 0.2, 1 / 3.0], xml 'frag<a/>ment', array[NULL, 'NULL']
    FROM generate_series(1, 50) g;
CREATE TABLE h (ts timestamptz NOT NULL, seq bigint, f float8, iv interval, d daterange, b bytea, arr float8[]);
SELECT create_hypertable('h', 'ts', chunk_time_interval => interval '1 day');
INSERT INTO h SELECT timestamptz '2025-01-01Z' + g * interval '1 hour', g, pi() * g / 3e5, interval '1 mon -1 day',
    daterange('2025-01-02', '2025-02-01'), '\xdeadbeef', array[0.1 + 0.2] FROM generate_series(1, 100) g;
ALTER TABLE h SET (timescaledb.compress);
SELECT compress_chunk(c) FROM show_chunks('h') c LIMIT 2;
CREATE MATERIALIZED VIEW h_day WITH (timescaledb.continuous) AS
    SELECT time_bucket('1 day', ts, 'Europe/Vienna') b, sum(f) s, count(*) FILTER (WHERE ts > '2025-01-02 00:00+00') n
    FROM h GROUP BY 1;
SET timescaledb.enable_chunk_skipping = on;
CREATE TABLE m (ts timestamptz NOT NULL, seq bigint);
SELECT create_hypertable('m', 'ts', chunk_time_interval => interval '1 day');
SELECT enable_chunk_skipping('m', 'seq');
INSERT INTO m SELECT timestamptz '2025-01-01Z' + g * interval '10 min', g FROM generate_series(1, 500) g;
CREATE TABLE d (ts timestamptz NOT NULL, dev int, v int);
SELECT create_hypertable('d', 'ts', chunk_time_interval => interval '1 day');
ALTER TABLE d SET (timescaledb.compress, timescaledb.compress_segmentby = 'dev', timescaledb.compress_orderby = 'v, ts');
INSERT INTO d SELECT timestamptz '2025-01-01Z' + i * interval '1 min', i % 3, (i * 7919) % 1000
    FROM generate_series(0, 4319) i;
SELECT compress_chunk(c) FROM show_chunks('d') c LIMIT 1;
