SET timezone = 'UTC';
CREATE EXTENSION citext;
CREATE TYPE mood AS ENUM ('good', 'bad');
CREATE TYPE pair AS (a numeric, m mood);
CREATE DOMAIN share AS numeric;
CREATE COLLATION blind (provider = icu, locale = 'und-u-ks-level1', deterministic = false);

CREATE TABLE followed (id bigint GENERATED ALWAYS AS IDENTITY, what text);
CREATE FUNCTION follow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO public.followed (what) VALUES (TG_OP);
    RETURN NULL;
END $$;

CREATE TABLE every (
    time timestamptz NOT NULL,
    one text DEFAULT 'one',
    other text DEFAULT 'other',
    v_bool boolean DEFAULT true,
    v_int2 smallint DEFAULT 1,
    v_int4 integer DEFAULT 1,
    v_int8 bigint DEFAULT 1,
    v_numeric numeric DEFAULT 1.0,
    v_float8 double precision DEFAULT 0,
    v_float4 real DEFAULT 1.5,
    v_text text DEFAULT 'a text',
    v_empty text DEFAULT '',
    v_blind text COLLATE blind DEFAULT 'blind',
    v_bpchar bpchar DEFAULT 'x ',
    v_char "char" DEFAULT 'x',
    v_name name DEFAULT 'name',
    v_citext citext DEFAULT 'abc',
    v_json json DEFAULT '{"a":1}',
    v_jsonb jsonb DEFAULT '{"a": 1}',
    v_xml xml DEFAULT '<a/>',
    v_interval interval DEFAULT '1 day',
    v_timestamptz timestamptz DEFAULT '2026-01-01 00:00:00+00',
    v_timestamp timestamp DEFAULT '2026-01-01',
    v_date date DEFAULT '2026-01-01',
    v_timetz timetz DEFAULT '12:00+00',
    v_bytea bytea DEFAULT '\x00',
    v_uuid uuid DEFAULT '00000000-0000-0000-0000-000000000001',
    v_ints integer[] DEFAULT '{1,2}',
    v_nothing text[] DEFAULT '{}',
    v_numerics numeric[] DEFAULT '{1}',
    v_pair pair DEFAULT '(1,good)',
    v_pairs pair[] DEFAULT ARRAY['(1,good)'::pair],
    v_mood mood DEFAULT 'good',
    v_share share DEFAULT 1,
    v_range numrange DEFAULT '[1,2)',
    v_ranges nummultirange DEFAULT '{[1,2)}',
    v_point point DEFAULT '(0,1)',
    v_lseg lseg DEFAULT '[(0,0),(1,1)]',
    v_bits bit(3) DEFAULT '101',
    v_inet inet DEFAULT '10.0.0.1',
    v_money money DEFAULT 1.00::numeric::money,
    v_tsvector tsvector DEFAULT 'a:1',
    made integer GENERATED ALWAYS AS (v_int2 * 2) STORED
);
SELECT create_hypertable('every', 'time', chunk_time_interval => INTERVAL '1 day');
INSERT INTO every (time, one, other)
SELECT t, 'one of ' || t, 'other of ' || t
FROM generate_series(0, 60) d, unnest(ARRAY[3, 4, 11, 15]) h,
     LATERAL (SELECT TIMESTAMPTZ '2026-03-01 00:00+00' + make_interval(days => d, hours => h) AS t) m
WHERE d NOT IN (57, 58);
CREATE TRIGGER follow AFTER INSERT OR DELETE ON every FOR EACH ROW EXECUTE FUNCTION follow();

CREATE TABLE places (id int PRIMARY KEY, name text DEFAULT 'x');
CREATE INDEX places_name ON places (name);
INSERT INTO places SELECT i, 'place ' || i FROM generate_series(1, 20) i;
CREATE TRIGGER follow AFTER INSERT OR DELETE ON places FOR EACH ROW EXECUTE FUNCTION follow();
CREATE TABLE visits (place int REFERENCES places ON DELETE CASCADE, at date);
INSERT INTO visits SELECT i, DATE '2026-01-01' + i FROM generate_series(1, 20) i;

CREATE TABLE parted (id int, v text) PARTITION BY HASH (id);
CREATE TABLE parted_0 PARTITION OF parted FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE parted_1 PARTITION OF parted FOR VALUES WITH (MODULUS 2, REMAINDER 1);
INSERT INTO parted SELECT i, 'v' || i FROM generate_series(1, 50) i;

CREATE TABLE spread (time timestamptz NOT NULL, device int, v int);
SELECT create_hypertable('spread', 'time', chunk_time_interval => INTERVAL '1 day');
SELECT add_dimension('spread', 'device', number_partitions => 2);
INSERT INTO spread
SELECT t, d, d + 1 FROM generate_series(TIMESTAMPTZ '2026-03-01 00:00+00', '2026-03-02 23:00+00', INTERVAL '1 hour') t, generate_series(1, 5) d;

CREATE SEQUENCE counted;
SELECT setval('counted', 7);
