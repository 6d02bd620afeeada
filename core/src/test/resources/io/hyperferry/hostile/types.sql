SET search_path = hostile, hostile_ext, public;

-- Types whose OIDs, and an enum whose order of labels, cannot be the same on both sides by chance.
CREATE TYPE dropped AS ENUM ('x', 'y', 'z');
DROP TYPE dropped;
CREATE TYPE mood AS ENUM ('sad', 'happy', 'it''s "odd"', ' ', 'ünïcode');
ALTER TYPE mood ADD VALUE 'between' BEFORE 'happy';
CREATE TYPE "Empty Enum" AS ENUM ();
CREATE TYPE only_a_name;
CREATE TYPE point3 AS (x float8, y float8, "Z z" numeric(8, 3));
CREATE TYPE nested AS (inside point3, many point3[], mood mood);
CREATE DOMAIN percent AS numeric(5, 2) DEFAULT 50 CONSTRAINT in_range CHECK (VALUE BETWEEN 0 AND 100);
CREATE DOMAIN half AS percent CHECK (VALUE <= 50);
CREATE DOMAIN present AS text COLLATE "C" NOT NULL CONSTRAINT "not ""empty""" CHECK (VALUE <> '');
CREATE DOMAIN moods AS mood[] CHECK (cardinality(VALUE) < 10);
ALTER DOMAIN percent ADD CONSTRAINT later CHECK (VALUE <> 13) NOT VALID;
CREATE TYPE floatrange AS RANGE (SUBTYPE = float8, SUBTYPE_DIFF = float8mi, MULTIRANGE_TYPE_NAME = floatranges);
CREATE COLLATION german_phonebook (PROVIDER = icu, LOCALE = 'de-u-co-phonebk');
CREATE COLLATION ignore_case (PROVIDER = icu, LOCALE = 'und-u-ks-level2', DETERMINISTIC = false);
CREATE COLLATION numeric_order FROM "C";

CREATE TABLE all_types (
    id int PRIMARY KEY, a_smallint smallint, a_bigint bigint, a_numeric numeric, a_real real, a_double double precision,
    a_money money, a_char char(5), a_varchar varchar(10), a_text text, a_name name, a_byte "char", a_bytea bytea,
    a_bool boolean, a_date date, a_time time(3), a_timetz timetz, a_timestamp timestamp, a_timestamptz timestamptz(3),
    an_interval interval, a_dayinterval interval day to second, a_uuid uuid, a_json json, a_jsonb jsonb, a_jsonpath jsonpath,
    an_xml xml, an_inet inet, a_cidr cidr, a_macaddr macaddr, a_macaddr8 macaddr8, a_bit bit(7), a_varbit varbit,
    a_point point, a_line line, a_lseg lseg, a_box box, a_path path, a_polygon polygon, a_circle circle,
    a_tsvector tsvector, a_tsquery tsquery, a_pg_lsn pg_lsn, an_oid oid, a_snapshot pg_snapshot, a_xid8 xid8
);
INSERT INTO all_types VALUES
    (1, -32768, -9223372036854775808, 'NaN', '-Infinity', 'NaN', 12.34, 'ab', 'ü"''\', E'tab\tnewline\nback\\slash', 'name', 'c',
     '\x00ff5c', true, '4714-11-24 BC', '23:59:59.999', '24:00:00+15:59', '294276-12-31 23:59:59.999999', 'infinity',
     '-178000000 years 11 mons -3 days 04:05:06.789', '3 days', 'ffffffff-ffff-ffff-ffff-ffffffffffff',
     '{"b": 1,  "a": 2, "b": 3}', '{"b": [1, null, "\\u00fc"], "a": {}}', '$.a[*] ? (@ > 2)', '<a b="c">&amp;</a>',
     '::1/64', '10.0.0.0/8', '08:00:2b:01:02:03', '08:00:2b:ff:fe:01:02:03', B'1010101', B'', '(1,2)', '{1,2,3}',
     '[(0,0),(1,1)]', '((1,1),(0,0))', '[(0,0),(1,1)]', '((0,0),(1,1),(2,0))', '<(0,0),5>', $$'fat':2A 'it''s'$$, 'fat & !rat:AB',
     '16/B374D848', 4294967295, '10:20:10,14,15', '18446744073709551615'),
    (2, 0, 0, '-1e-100', 0, '-0', 0, '', '', '', '', '', '', false, '-infinity', '00:00', '00:00+00', '-infinity', '-infinity',
     '0', '0', '00000000-0000-0000-0000-000000000000', 'null', 'null', '$', '', '0.0.0.0/0', '::/0', '00:00:00:00:00:00',
     '00:00:00:00:00:00:00:00', B'0000000', B'1', '(NaN,Infinity)', '{0,-1,0}', '[(0,0),(0,0)]', '((0,0),(0,0))', '((0,0))', '((0,0))',
     '<(0,0),0>', '', '!a', '0/0', 0, '1:1:', '0');
INSERT INTO all_types (id) VALUES (3);

-- PostgreSQL sends it in binary, but does not take it back.
CREATE TABLE empty_tsquery (id int, query tsquery);
INSERT INTO empty_tsquery VALUES (1, ''), (2, 'a');

-- OIDs, which mean something else on another server.
CREATE TABLE oid_types (relation regclass, type regtype, types regtype[], role regrole, item aclitem);
INSERT INTO oid_types VALUES ('all_types', 'mood', '{mood,int}', 'hf_hostile_reader', 'hf_hostile_reader=r/hf_hostile_reader');

CREATE TABLE user_types (
    id int PRIMARY KEY, mood mood, moods moods, percent percent, halves half[], present present, "of" point3, nested nested,
    points point3[], floats floatrange, several floatranges, numbers int[][], ranges int4range[], dates datemultirange,
    spoken text COLLATE german_phonebook, caseless text COLLATE ignore_case, tags hstore, mail citext, path ltree, odd "Empty Enum"
);
INSERT INTO user_types VALUES
    (1, 'it''s "odd"', ARRAY['sad', NULL, ' ']::mood[], 99.99, ARRAY[1, NULL, 50]::half[], ' ', ROW(1, 'NaN', 1.5),
     ROW(ROW(1, 2, 3), ARRAY[ROW(4, NULL, 6), NULL]::point3[], 'ünïcode'), ARRAY[ROW(1, 2, 3)]::point3[], '[-Infinity,1.5)',
     '{[1,2),[3,4]}', '[0:1][-1:0]={{1,NULL},{3,4}}', ARRAY['empty', '(,)', '[1,2]']::int4range[], '{[2020-01-01,2020-02-01),[infinity,)}',
     'Müller', 'ABC', '"a\"b"=>"c,d", e=>NULL', 'A@Example.org', 'Top.Middle.Low', NULL),
    (2, NULL, '{}', NULL, '{}', 'x', NULL, NULL, '{}', 'empty', '{}', '{}', '{}', '{}', '', 'abc', '', '', '', NULL);
CREATE INDEX user_types_caseless ON user_types (caseless, spoken COLLATE numeric_order);
CREATE TABLE typed OF point3 (PRIMARY KEY (x), y WITH OPTIONS DEFAULT 7);
INSERT INTO typed SELECT i, i * 2, i / 3.0 FROM generate_series(1, 10) i;
CREATE TABLE no_columns ();
INSERT INTO no_columns DEFAULT VALUES;
INSERT INTO no_columns DEFAULT VALUES;
CREATE TABLE dropped_columns (a int, b text, c int, d date, e text);
ALTER TABLE dropped_columns DROP COLUMN a, DROP COLUMN d;
ALTER TABLE dropped_columns ADD COLUMN added int NOT NULL DEFAULT 42;
INSERT INTO dropped_columns VALUES ('b', 1, 'e', 2);
CREATE TABLE wide (id int PRIMARY KEY, big text STORAGE EXTERNAL, plain text STORAGE PLAIN, main text STORAGE MAIN,
    packed text COMPRESSION lz4, packed_slowly text COMPRESSION pglz) WITH (fillfactor = 70, autovacuum_enabled = false,
    toast.autovacuum_vacuum_threshold = 123, toast_tuple_target = 512);
ALTER TABLE wide ALTER COLUMN big SET STATISTICS 500, ALTER COLUMN main SET (n_distinct = -0.5, n_distinct_inherited = 7);
INSERT INTO wide SELECT i, repeat(md5(i::text), 3000), 'p', repeat('m', 3000), repeat('x', 9000), repeat('y', 9000)
FROM generate_series(1, 5) i;
