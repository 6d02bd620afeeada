SET search_path = hostile, hostile_ext, public;

CREATE TABLE devices (id int PRIMARY KEY, name text UNIQUE);
INSERT INTO devices SELECT i, 'device ' || i FROM generate_series(1, 20) i;
CREATE TABLE constrained (
    at timestamptz NOT NULL, device int REFERENCES devices ON DELETE CASCADE, name text, value numeric CHECK (value >= 0), note text,
    CONSTRAINT "constrained pk" PRIMARY KEY (device, at),
    CONSTRAINT constrained_name FOREIGN KEY (name) REFERENCES devices (name) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT "note; check" CHECK (note IS NULL OR note <> ';')
);
SELECT create_hypertable('constrained', 'at', chunk_time_interval => INTERVAL '1 day');
INSERT INTO constrained SELECT TIMESTAMPTZ '2026-01-01 00:00+00' + i * INTERVAL '1 hour', 1 + i % 20, 'device ' || 1 + i % 20, i, NULL
FROM generate_series(0, 100) i;
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE constrained ADD CONSTRAINT unique_deferred UNIQUE (at, device, value) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE constrained ADD CONSTRAINT unique_nulls UNIQUE NULLS NOT DISTINCT (at, note, device) INCLUDE (value);
CREATE TABLE points_at_hypertable (device int, at timestamptz);
INSERT INTO points_at_hypertable SELECT device, at FROM constrained WHERE device < 5;
ALTER TABLE points_at_hypertable ADD FOREIGN KEY (device, at) REFERENCES constrained ON DELETE CASCADE;
CREATE TABLE excluded (at timestamptz NOT NULL, room int, during tstzrange,
    CONSTRAINT no_overlap_in_time EXCLUDE USING gist (at WITH =, room WITH =, during WITH &&) WHERE (room > 0));
SELECT create_hypertable('excluded', 'at', chunk_time_interval => INTERVAL '1 day');
INSERT INTO excluded SELECT TIMESTAMPTZ '2026-01-01 00:00+00' + i * INTERVAL '5 hours', i % 3, '[2026-01-01,2026-02-01)' FROM generate_series(0, 20) i;

CREATE TABLE indexed_hypertable (at timestamptz NOT NULL, device int NOT NULL, name text, tags text[], doc jsonb, place point);
SELECT create_hypertable('indexed_hypertable', 'at', chunk_time_interval => INTERVAL '2 days', create_default_indexes => false);
INSERT INTO indexed_hypertable SELECT TIMESTAMPTZ '2026-01-01 00:00+00' + i * INTERVAL '1 hour', i % 5, 'n' || i, ARRAY['t' || i], '{"k": 1}', point(i, i)
FROM generate_series(0, 100) i;
CREATE INDEX "hyper index; 1" ON indexed_hypertable (lower(name) text_pattern_ops, at DESC NULLS LAST) INCLUDE (device) WITH (fillfactor = 71)
    WHERE device > 1;
CREATE UNIQUE INDEX hyper_unique ON indexed_hypertable (at, device);
CREATE INDEX hyper_gin ON indexed_hypertable USING gin (tags, doc jsonb_path_ops);
CREATE INDEX hyper_gist ON indexed_hypertable USING gist (place);
CREATE INDEX hyper_brin ON indexed_hypertable USING brin (at) WITH (pages_per_range = 3);
CREATE INDEX hyper_hash ON indexed_hypertable USING hash (name);
CREATE INDEX hyper_trgm ON indexed_hypertable USING gin (name gin_trgm_ops);
ALTER TABLE indexed_hypertable REPLICA IDENTITY USING INDEX hyper_unique;
ALTER TABLE indexed_hypertable CLUSTER ON hyper_unique;
CREATE STATISTICS hyper_statistics ON device, name FROM indexed_hypertable;
CREATE TABLE hyper_full (at timestamptz NOT NULL, value int);
ALTER TABLE hyper_full REPLICA IDENTITY FULL;
SELECT create_hypertable('hyper_full', 'at');
INSERT INTO hyper_full VALUES ('2026-01-01 00:00+00', 1);
CREATE TABLE hyper_nothing (at timestamptz NOT NULL, value int);
SELECT create_hypertable('hyper_nothing', 'at');
ALTER TABLE hyper_nothing REPLICA IDENTITY NOTHING;
INSERT INTO hyper_nothing VALUES ('2026-01-01 00:00+00', 1);
-- A chunk with something that its hypertable has not.
DO $$
DECLARE
    chunk regclass := (SELECT c FROM public.show_chunks('hostile.hyper_full') c LIMIT 1);
BEGIN
    EXECUTE format('ALTER TABLE %s SET (fillfactor = 55)', chunk);
END
$$;
