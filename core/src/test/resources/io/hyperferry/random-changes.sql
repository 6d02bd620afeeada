-- What RandomChanges may change in a database of ChangingSource, by kind. A paragraph is one way of making a change.
-- Its statements end with a semicolon at the end of a line. Placeholders: {n} is a small number, {u} a number that is
-- used once, {d} a digit, {id} a device, {day} a day with rows, {far} a day without rows, {role} a role.
-- In brackets: "rows" changes rows and chunks alone, "community" needs the Community edition.

-- INSERT_ROWS (rows)

INSERT INTO devices (id, name, mood, n, big) VALUES (1{u}, 'new', 'bad', {n}, {n});

INSERT INTO readings VALUES ('{day} 03:30+00', {n}, {n}, NULL, 'new');

INSERT INTO spread VALUES ('{day} 03:30', 'd{n}', {n}, 'new');

INSERT INTO counts VALUES ({n}, {n}, 'new');
INSERT INTO logs (a, b) VALUES ({n}, NULL);

INSERT INTO notes (device, note, level) SELECT i, 'new', i FROM generate_series(1, 5) i;

-- UPDATE_ROWS (rows)

UPDATE devices SET n = n + 1, note = NULL WHERE id % 5 = {n} % 5;

UPDATE readings SET v = -v WHERE time < '{day} 00:00+00';

UPDATE readings SET n = n + 1 WHERE time >= '{day} 00:00+00' AND device = 1;

UPDATE spread SET note = note || '{n}' WHERE device = 'd3';

UPDATE counts SET n = {n} WHERE t = 200;
UPDATE logs SET note = 'x' WHERE b % 3 = 0;

UPDATE parted SET day = day + 20 WHERE id = 3;
UPDATE app.settings SET value = '{}' WHERE key = 'two';

-- DELETE_ROWS (rows)

DELETE FROM devices WHERE id = {id};

DELETE FROM readings WHERE time >= '{day} 00:00+00' AND time < '{day} 12:00+00';

DELETE FROM logs WHERE a = 2;
DELETE FROM notes WHERE level > 20;

DELETE FROM counts WHERE t >= 100 AND t < 200;

DELETE FROM spread WHERE device = 'd1';
DELETE FROM parted WHERE id < 5;

-- UPSERT_ROWS (rows)

INSERT INTO devices (id, name, n) SELECT i, 'upsert', i FROM generate_series(35, 45) i ON CONFLICT (id) DO
    UPDATE SET name = EXCLUDED.name;

INSERT INTO app.settings VALUES ('two', '2'), ('{u}', '3') ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value;

-- DOUBLE_ROWS (rows)

INSERT INTO logs SELECT * FROM logs;

INSERT INTO spread SELECT * FROM spread WHERE n % 2 = 0;

INSERT INTO counts SELECT * FROM counts WHERE t > 150;

-- OTHER_REPRESENTATION (rows)

UPDATE devices SET share = (share::text || '0')::share;

UPDATE readings SET v = '-0' WHERE n = 0;

UPDATE app.settings SET value = '{"a": 1.0}' WHERE key = 'one';

-- SAME_ROWS_AGAIN (rows)

UPDATE devices SET n = n;
UPDATE counts SET n = n;

CREATE TEMPORARY TABLE kept AS SELECT * FROM spread;
DELETE FROM spread;
INSERT INTO spread SELECT * FROM kept;

-- TRUNCATE (rows)

TRUNCATE logs;

TRUNCATE counts;

TRUNCATE devices CASCADE;

TRUNCATE spread;

TRUNCATE parted;

-- NEW_CHUNK (rows)

INSERT INTO readings VALUES ('{far} 03:30+00', 1, 1, NULL, 'far'), ('{far} 04:30+00', 2, 1, NULL, 'far');

INSERT INTO spread VALUES ('{far} 03:30', 'd1', 1, 'far'), ('{far} 03:30', 'd2', 1, 'far');

INSERT INTO counts SELECT 5000 + i, i FROM generate_series(1, 400, 10) i;

INSERT INTO counts VALUES (-1000, 1);

-- DROP_CHUNKS (rows)

SELECT drop_chunks('readings', older_than => TIMESTAMPTZ '{day} 00:00+00');

SELECT drop_chunks('spread', older_than => TIMESTAMP '{day} 00:00');

SELECT drop_chunks('counts', older_than => 250);

-- DROP_AND_FILL_AGAIN (rows)

SELECT drop_chunks('counts', older_than => 250);
INSERT INTO counts SELECT i * 10, i, 'again' FROM generate_series(0, 24) i;

-- COMPRESS_CHUNK (rows, community)

SELECT compress_chunk(c, true) FROM show_chunks('readings', older_than => TIMESTAMPTZ '2026-01-06 00:00+00') c;

SELECT compress_chunk(c, true) FROM show_chunks('counts') c;

-- DECOMPRESS_CHUNK (rows, community)

SELECT decompress_chunk(c, true) FROM show_chunks('readings') c;

SELECT decompress_chunk(c, true) FROM show_chunks('counts', older_than => 100) c;

-- ROWS_OF_COMPRESSED_CHUNK (rows, community)

INSERT INTO readings VALUES ('2026-01-01 00:10+00', 1, 1, 1, 'late');

UPDATE readings SET n = 7 WHERE time = '2026-01-01 03:00+00';

DELETE FROM readings WHERE time < '2026-01-01 12:00+00' AND device = 1;

INSERT INTO readings VALUES ('2026-01-01 00:10+00', 1, 1, 1, 'late');
SELECT compress_chunk(c, true, recompress => true) FROM show_chunks('readings', older_than => TIMESTAMPTZ
    '2026-01-02 00:00+00') c;

-- MERGE_CHUNKS (community)

DO $$ DECLARE c regclass[] := (SELECT array_agg(c ORDER BY c) FROM (SELECT c FROM show_chunks('counts') c
    ORDER BY c LIMIT 2) s); BEGIN CALL merge_chunks(c[1], c[2]); END $$;

DO $$ DECLARE c regclass[] := (SELECT array_agg(c ORDER BY c) FROM show_chunks('readings',
    newer_than => TIMESTAMPTZ '2026-01-05 00:00+00') c); BEGIN CALL merge_chunks(c[1], c[2]); END $$;

-- FREEZE_CHUNK (community)

SELECT _timescaledb_functions.freeze_chunk(c) FROM show_chunks('readings', older_than => TIMESTAMPTZ
    '2026-01-02 00:00+00') c;

-- CHUNK_INTERVAL

SELECT set_chunk_time_interval('readings', INTERVAL '6 hours');
INSERT INTO readings SELECT '{far} 00:00+00'::timestamptz + i * INTERVAL '1 hour', 1, i FROM generate_series(0, 20) i;

SELECT set_chunk_time_interval('counts', 1000);

SELECT set_chunk_time_interval('counts', 30);
INSERT INTO counts SELECT 7000 + i, i FROM generate_series(0, 90, 10) i;

-- NUMBER_OF_PARTITIONS

SELECT set_number_partitions('spread', 5, 'device');
INSERT INTO spread SELECT '{far} 00:00', 'd' || i, i FROM generate_series(0, 20) i;

SELECT add_dimension('counts', by_hash('n', 2));

SELECT set_integer_now_func('counts', NULL);

-- NEW_TABLE

CREATE TABLE fresh_{u} (id int PRIMARY KEY, mood mood);
INSERT INTO fresh_{u} VALUES (1, 'good');

CREATE TABLE app.fresh_{u} (id bigserial, v text);
INSERT INTO app.fresh_{u} (v) SELECT 'x' || i FROM generate_series(1, 9) i;

CREATE TABLE empty_{u} (id int GENERATED ALWAYS AS IDENTITY, device int REFERENCES devices);

CREATE TABLE child_{u} (more int) INHERITS (logs);
INSERT INTO child_{u} (a, more) VALUES (1, 2);

-- NEW_HYPERTABLE

CREATE TABLE hyper_{u} (time timestamptz NOT NULL, v int);
SELECT create_hypertable('hyper_{u}', 'time');
INSERT INTO hyper_{u} SELECT TIMESTAMPTZ '2026-01-01 00:00+00' + i * INTERVAL '1 day', i FROM generate_series(1, 20) i;

CREATE TABLE hyper_{u} (t int NOT NULL, v int);
SELECT create_hypertable('hyper_{u}', 't', chunk_time_interval => 10);

-- NEW_COLUMNSTORE_HYPERTABLE (community)

CREATE TABLE packed_{u} (time timestamptz NOT NULL, v int);
SELECT create_hypertable('packed_{u}', 'time');
INSERT INTO packed_{u} SELECT TIMESTAMPTZ '2026-01-01 00:00+00' + i * INTERVAL '1 day', i FROM
    generate_series(1, 20) i;
ALTER TABLE packed_{u} SET (timescaledb.compress, timescaledb.compress_segmentby = '');
SELECT compress_chunk(c) FROM show_chunks('packed_{u}') c;

-- TABLE_TO_HYPERTABLE

SELECT create_hypertable('moments', 'time', migrate_data => true);

-- NEW_PARTITION

CREATE TABLE parted_{u} PARTITION OF parted FOR VALUES FROM ('2026-03-01') TO ('2026-04-01');
INSERT INTO parted VALUES (100, '2026-03-05', 'newest');

CREATE TABLE parted_{u} PARTITION OF parted DEFAULT;
INSERT INTO parted VALUES (100, '2027-03-05', 'newest');

-- DETACH_PARTITION

ALTER TABLE parted DETACH PARTITION parted_2;

DROP TABLE parted_1;

-- NEW_PARTITIONED_TABLE

CREATE TABLE split_{u} (id int, v text) PARTITION BY HASH (id);
CREATE TABLE split_{u}_0 PARTITION OF split_{u} FOR VALUES WITH (MODULUS 1, REMAINDER 0);
INSERT INTO split_{u} SELECT i, 'x' FROM generate_series(1, 9) i;

-- RENAME_TABLE

ALTER TABLE notes RENAME TO renamed_{u};

ALTER TABLE counts RENAME TO renamed_{u};

ALTER TABLE parted_2 RENAME TO renamed_{u};

-- MOVE_TABLE

ALTER TABLE logs SET SCHEMA app;

ALTER TABLE spread SET SCHEMA app;

CREATE SCHEMA new_{u};
ALTER TABLE notes SET SCHEMA new_{u};

ALTER SCHEMA app RENAME TO app_{u};

-- DROP_TABLE

DROP TABLE notes;

DROP TABLE spread;

DROP TABLE app.settings;

DROP TABLE parted;

-- TABLE_AGAIN

DROP TABLE app.settings;
CREATE TABLE app.settings (key text PRIMARY KEY, value jsonb);
INSERT INTO app.settings VALUES ('one', '{"b": 2}');

DROP TABLE logs;
CREATE TABLE logs (b int, a int, id bigint, note text);
INSERT INTO logs VALUES (1, 2, 3, 'again');

DROP TABLE counts;
CREATE TABLE counts (t bigint NOT NULL, n int, note text);
SELECT create_hypertable('counts', 't', chunk_time_interval => 77);
INSERT INTO counts SELECT i * 10, -i FROM generate_series(0, 39) i;

DROP TABLE counts;
CREATE TABLE counts (t bigint NOT NULL, n int, note text);
INSERT INTO counts SELECT i * 10, -i FROM generate_series(0, 39) i;

-- NEW_AGGREGATE (community)

CREATE MATERIALIZED VIEW sums_{u} WITH (timescaledb.continuous) AS SELECT time_bucket('1 day', time) AS bucket,
    count(*) AS c FROM readings GROUP BY 1;

CREATE MATERIALIZED VIEW sums_{u} WITH (timescaledb.continuous, timescaledb.materialized_only = false) AS
    SELECT time_bucket(INTERVAL '2 days', time) AS bucket, count(*) AS c FROM spread GROUP BY 1 WITH NO DATA;

CREATE MATERIALIZED VIEW sums_{u} WITH (timescaledb.continuous) AS SELECT time_bucket('4 hours', bucket) AS b,
    sum(n) AS c FROM hourly GROUP BY 1;

-- AGGREGATE_AGAIN (community)

DROP MATERIALIZED VIEW hourly CASCADE;
CREATE MATERIALIZED VIEW hourly WITH (timescaledb.continuous) AS SELECT time_bucket('2 hours', time) AS bucket,
    device, sum(n + 1) AS n, avg(v) AS v FROM readings GROUP BY 1, 2;

DROP MATERIALIZED VIEW app.daily;
CREATE MATERIALIZED VIEW app.daily WITH (timescaledb.continuous) AS SELECT time_bucket('1 day', bucket) AS day,
    max(n) AS n FROM hourly GROUP BY 1;

-- DROP_AGGREGATE (community)

DROP MATERIALIZED VIEW hourly CASCADE;

DROP MATERIALIZED VIEW app.daily;

-- REFRESH_AGGREGATE (community)

CALL refresh_continuous_aggregate('hourly', NULL, '2026-01-07 00:00+00');

UPDATE readings SET n = n + 1 WHERE time > '2026-01-03 00:00+00';
CALL refresh_continuous_aggregate('hourly', '2026-01-03 00:00+00', '2026-01-06 00:00+00');

-- AGGREGATE_OPTION (community)

ALTER MATERIALIZED VIEW hourly SET (timescaledb.materialized_only = true);

ALTER MATERIALIZED VIEW hourly SET (timescaledb.materialized_only = false);

ALTER MATERIALIZED VIEW hourly RENAME COLUMN v TO average;

ALTER MATERIALIZED VIEW hourly RENAME TO hours_{u};

CREATE INDEX ON hourly (n);

ALTER MATERIALIZED VIEW hourly SET (timescaledb.compress);

-- ADD_COLUMN

ALTER TABLE devices ADD more_{u} text DEFAULT 'd';

ALTER TABLE readings ADD more_{u} int;

ALTER TABLE logs ADD more_{u} int GENERATED ALWAYS AS (a + b) STORED;

ALTER TABLE counts ADD more_{u} int;
UPDATE counts SET more_{u} = n;

-- DROP_COLUMN

ALTER TABLE logs DROP note;

ALTER TABLE counts DROP n;

ALTER TABLE devices DROP twice;

ALTER TABLE readings DROP note;

-- RENAME_COLUMN

ALTER TABLE logs RENAME a TO c;

ALTER TABLE counts RENAME t TO moment;

ALTER TABLE devices RENAME note TO remark;

ALTER TABLE readings RENAME note TO remark;

-- SWAP_COLUMNS

ALTER TABLE logs RENAME a TO x;
ALTER TABLE logs RENAME b TO a;
ALTER TABLE logs RENAME x TO b;

ALTER TABLE devices RENAME n TO x;
ALTER TABLE devices RENAME big TO n;
ALTER TABLE devices RENAME x TO big;

ALTER TABLE parted RENAME id TO x;
ALTER TABLE parted ADD id int;
ALTER TABLE parted DROP x;

-- TYPE_OF_SAME_WIDTH

ALTER TABLE devices ALTER big TYPE float8;

ALTER TABLE logs ALTER a TYPE real;

ALTER TABLE devices ALTER at TYPE timestamptz USING at AT TIME ZONE 'Asia/Tokyo';

ALTER TABLE counts ALTER n TYPE real;

ALTER TABLE readings ALTER n TYPE float8;

ALTER TABLE logs ALTER id TYPE float8;

-- TYPE_OF_OTHER_WIDTH

ALTER TABLE logs ALTER a TYPE bigint;

ALTER TABLE counts ALTER n TYPE text;

ALTER TABLE notes ALTER level TYPE numeric;

ALTER TABLE logs ALTER note TYPE bytea USING note::bytea;

-- LENGTH

ALTER TABLE devices ALTER name TYPE varchar(50);
UPDATE devices SET name = repeat('n', 45) WHERE id = 3;

ALTER TABLE logs ALTER note TYPE varchar(30);

ALTER TABLE devices ALTER share TYPE numeric(9, 3);

-- COLLATION

ALTER TABLE logs ALTER note TYPE text COLLATE "C";

ALTER TABLE app.settings ALTER key TYPE text COLLATE "C";

-- GENERATED_EXPRESSION

ALTER TABLE devices ALTER twice SET EXPRESSION AS (n * 3);

ALTER TABLE devices ALTER twice DROP EXPRESSION;

-- DEFAULT

ALTER TABLE devices ALTER name SET DEFAULT 'other';

ALTER TABLE devices ALTER name DROP DEFAULT;

ALTER TABLE readings ALTER v SET DEFAULT 0;

-- NOT_NULL

ALTER TABLE logs ALTER note SET NOT NULL;

ALTER TABLE devices ALTER big DROP NOT NULL;
UPDATE devices SET big = NULL WHERE id = {id};

ALTER TABLE counts ALTER n SET NOT NULL;

-- CHECK

ALTER TABLE notes DROP CONSTRAINT level_is_positive;
INSERT INTO notes (level) VALUES (-{n});

ALTER TABLE devices ADD CHECK (id > 0);

ALTER TABLE readings ADD CONSTRAINT positive_{u} CHECK (device >= 0) NOT VALID;

ALTER TABLE notes DROP CONSTRAINT level_is_positive;

-- UNIQUE_KEY

ALTER TABLE devices DROP CONSTRAINT devices_pkey CASCADE;
INSERT INTO devices (id, name) SELECT id, 'double' FROM devices WHERE id % 2 = 0;

ALTER TABLE counts ADD UNIQUE (t);

CREATE UNIQUE INDEX ON logs (id);

ALTER TABLE logs ADD PRIMARY KEY (id);

ALTER TABLE readings ADD UNIQUE (device, time);

-- INDEX

CREATE INDEX more_{u} ON devices (name);

DROP INDEX logs_by_a;

ALTER INDEX logs_by_a RENAME TO other_{u};

CREATE INDEX ON readings (device, time DESC);

DROP INDEX counts_t_idx;

DROP INDEX logs_by_a;
CREATE INDEX logs_by_a ON logs (b);

-- FOREIGN_KEY

ALTER TABLE notes DROP CONSTRAINT notes_device_fkey;
INSERT INTO notes (device) VALUES (-1);

ALTER TABLE logs ADD FOREIGN KEY (a) REFERENCES devices NOT VALID;

ALTER TABLE logs ADD CONSTRAINT valid_{u} FOREIGN KEY (b) REFERENCES devices;

ALTER TABLE notes DROP CONSTRAINT notes_device_fkey;

-- ENUM_LABEL

ALTER TYPE mood ADD VALUE 'label {u}';
UPDATE devices SET mood = 'label {u}' WHERE id = {id};

ALTER TYPE mood ADD VALUE 'first' BEFORE 'good';

ALTER TYPE mood RENAME VALUE 'bad' TO 'worse';

-- DOMAIN

ALTER DOMAIN share DROP CONSTRAINT share_check;
UPDATE devices SET share = -1 WHERE id = {id};

ALTER DOMAIN share ADD CONSTRAINT low CHECK (VALUE < 1000);

ALTER DOMAIN share SET DEFAULT 1;

CREATE DOMAIN rate_{u} AS float8 NOT NULL;

-- TYPE

ALTER TYPE pair ADD ATTRIBUTE c int;

ALTER TYPE pair RENAME ATTRIBUTE a TO c;

CREATE TYPE colour_{u} AS ENUM ('red');

DROP TYPE pair;

-- SEQUENCE_VALUE

SELECT nextval('counter');

SELECT setval('counter', 1000, false);

SELECT nextval('logs_id_seq');

ALTER SEQUENCE counter RESTART 3;

-- SEQUENCE_DEFINITION

ALTER SEQUENCE counter INCREMENT 10 MINVALUE -5 RESTART 77;

ALTER SEQUENCE logs_id_seq CYCLE;

ALTER TABLE notes ALTER id SET INCREMENT 5;

ALTER SEQUENCE counter AS int MAXVALUE 1000;

ALTER SEQUENCE counter OWNED BY logs.a;

-- IDENTITY

ALTER TABLE notes ALTER id SET GENERATED ALWAYS;

ALTER TABLE notes ALTER id DROP IDENTITY;

ALTER TABLE devices ALTER id ADD GENERATED BY DEFAULT AS IDENTITY (START 500);

-- NEW_SEQUENCE

CREATE SEQUENCE sequence_{u} START {u};
SELECT nextval('sequence_{u}');

DROP SEQUENCE counter;

-- VIEW

CREATE VIEW view_{u} AS SELECT id FROM devices;

CREATE OR REPLACE VIEW good_devices AS SELECT id FROM devices WHERE mood = 'bad';

DROP VIEW good_devices;

-- MATERIALIZED_VIEW

INSERT INTO devices (id, mood) VALUES (1{u}, 'good');
REFRESH MATERIALIZED VIEW summary;

CREATE MATERIALIZED VIEW other_{u} AS SELECT count(*) FROM logs;

DROP MATERIALIZED VIEW summary;

-- FUNCTION

CREATE FUNCTION function_{u}() RETURNS int LANGUAGE sql AS 'SELECT {n}';

CREATE OR REPLACE FUNCTION app.twice(n int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT n * 4';

DROP FUNCTION app.twice(int);

-- TRIGGER

CREATE TRIGGER more_{u} BEFORE INSERT ON logs FOR EACH ROW EXECUTE FUNCTION app.raise();
INSERT INTO logs (a) VALUES ({n});

CREATE TRIGGER more_{u} BEFORE UPDATE ON readings FOR EACH ROW EXECUTE FUNCTION app.raise();

DROP TRIGGER raising ON devices;

ALTER TABLE devices DISABLE TRIGGER ALL;

-- ALWAYS_TRIGGER

CREATE TRIGGER more_{u} BEFORE INSERT ON logs FOR EACH ROW EXECUTE FUNCTION app.raise();
ALTER TABLE logs ENABLE ALWAYS TRIGGER more_{u};
INSERT INTO logs (a, note) VALUES ({n}, 'x');

CREATE TRIGGER more_{u} BEFORE DELETE ON devices FOR EACH ROW EXECUTE FUNCTION app.hide();
ALTER TABLE devices ENABLE REPLICA TRIGGER more_{u};
UPDATE devices SET n = 0 WHERE id = {id};

-- RULE

CREATE RULE more_{u} AS ON INSERT TO app.settings DO ALSO INSERT INTO logs (a) VALUES (1);

CREATE RULE more_{u} AS ON DELETE TO notes DO INSTEAD NOTHING;
ALTER TABLE notes ENABLE ALWAYS RULE more_{u};
UPDATE notes SET level = 0;

-- ROW_SECURITY

ALTER TABLE devices ENABLE ROW LEVEL SECURITY;

CREATE POLICY policy_{u} ON devices FOR SELECT TO {role} USING (id < 10);
ALTER TABLE devices ENABLE ROW LEVEL SECURITY;

ALTER TABLE logs FORCE ROW LEVEL SECURITY;

-- PRIVILEGES

GRANT SELECT, INSERT ON logs TO {role};

REVOKE ALL ON devices FROM {role};

GRANT SELECT (id) ON notes TO {role};

GRANT USAGE ON SCHEMA app TO {role};

GRANT SELECT ON readings TO PUBLIC;

ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT SELECT ON TABLES TO {role};

GRANT USAGE ON SEQUENCE counter TO {role};

-- COMMENT

COMMENT ON TABLE devices IS 'other {n}';

COMMENT ON COLUMN readings.v IS 'v';

COMMENT ON TABLE devices IS NULL;

COMMENT ON TYPE mood IS 'm';

COMMENT ON SCHEMA app IS 'a';

-- OWNER

ALTER TABLE logs OWNER TO {role};

ALTER VIEW good_devices OWNER TO {role};

ALTER FUNCTION app.twice(int) OWNER TO {role};

-- STORAGE

ALTER TABLE logs SET (fillfactor = 7{d});

ALTER TABLE logs ALTER note SET STORAGE EXTERNAL;

ALTER TABLE devices ALTER n SET STATISTICS 5{d};

CREATE STATISTICS stats_{u} ON a, b FROM logs;

-- UNLOGGED

ALTER TABLE logs SET UNLOGGED;

ALTER TABLE app.settings SET UNLOGGED;
UPDATE app.settings SET value = '1';

-- REPLICA_IDENTITY

ALTER TABLE logs REPLICA IDENTITY FULL;

ALTER TABLE devices REPLICA IDENTITY NOTHING;

-- PUBLICATION

CREATE PUBLICATION more_{u} FOR TABLE logs;

DROP PUBLICATION changes;

ALTER PUBLICATION changes ADD TABLE app.settings;

CREATE PUBLICATION everything_{u} FOR ALL TABLES;

-- DATABASE_SETTING

DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET work_mem = ''6MB''', current_database()); END $$;

DO $$ BEGIN EXECUTE format('ALTER DATABASE %I RESET work_mem', current_database()); END $$;

DO $$ BEGIN EXECUTE format('ALTER ROLE {role} IN DATABASE %I SET search_path = app', current_database()); END $$;

-- COLUMNSTORE_SETTINGS (community)

ALTER TABLE readings SET (timescaledb.compress, timescaledb.compress_segmentby = '',
    timescaledb.compress_orderby = 'device, time');

ALTER TABLE spread SET (timescaledb.compress, timescaledb.compress_segmentby = 'device');

ALTER TABLE spread SET (timescaledb.compress, timescaledb.compress_segmentby = 'device');
SELECT compress_chunk(c) FROM show_chunks('spread') c;

SELECT decompress_chunk(c, true) FROM show_chunks('readings') c;
ALTER TABLE readings SET (timescaledb.compress = false);

-- POLICY_ADDED (community)

SELECT add_retention_policy('counts', 1000000, initial_start => '2100-01-01 00:00+00');

SELECT add_compression_policy('readings', INTERVAL '100 years', initial_start => '2100-01-01 00:00+00');

SELECT add_reorder_policy('spread', 'spread_time_idx', initial_start => '2100-01-01 00:00+00');

-- POLICY_REMOVED (community)

SELECT remove_retention_policy('spread');

SELECT remove_continuous_aggregate_policy('hourly');

-- JOB (community)

SELECT alter_job(job_id, schedule_interval => INTERVAL '3 days', initial_start => '2100-01-01 00:00+00') FROM
    timescaledb_information.jobs WHERE proc_name = 'job';

SELECT alter_job(job_id, scheduled => false) FROM timescaledb_information.jobs WHERE proc_name = 'policy_retention';

SELECT alter_job(job_id, config => '{"a": 2}') FROM timescaledb_information.jobs WHERE proc_name = 'job';

SELECT delete_job(job_id) FROM timescaledb_information.jobs WHERE proc_name = 'job';

SELECT add_job('app.job', INTERVAL '2 days', initial_start => '2100-01-01 00:00+00');
