SET search_path = "Hostile ""Names"".b", public;

CREATE TABLE "MixedCase" ("Id" int PRIMARY KEY, "select" text, "a b" text, "a.b" text, "a""b" text, "a'b" text, "a\b" text,
    "$1" text, "$$" text, "%s" text, "ü" text, "名前" text, "🚢" text, "?" text, ":p" text, "{d}" text, "--" text, "/*" text, ";" text,
    "xmin " text, "ctid2" text, "
newline" text, "tab	tab" text, " " text, "A_column_name_that_is_just_as_long_as_PostgreSQL_lets_it_be___X" text);
INSERT INTO "MixedCase" SELECT i, 'a', 'b', '\.', '\N', E'\\n', 'f', NULL, '', 'i' FROM generate_series(1, 30) i;
CREATE TABLE mixedcase (id int PRIMARY KEY);
INSERT INTO mixedcase SELECT generate_series(1, 7);
CREATE TABLE "MIXEDCASE" ("ID" int PRIMARY KEY);
CREATE TABLE "table" ("order" int PRIMARY KEY, "user" text, "from" int REFERENCES "table");
INSERT INTO "table" VALUES (1, 'u', NULL), (2, 'v', 1);
CREATE TABLE "with ""quotes"", dots. and 'apostrophes'" ("primary" serial PRIMARY KEY);
INSERT INTO "with ""quotes"", dots. and 'apostrophes'" SELECT FROM generate_series(1, 3);
CREATE TABLE "back\slash" (a int);
INSERT INTO "back\slash" VALUES (1);
CREATE TABLE "new
line; DROP TABLE mixedcase; --" (a int CONSTRAINT "con
straint" CHECK (a > 0));
INSERT INTO "new
line; DROP TABLE mixedcase; --" VALUES (1), (2);
CREATE TABLE "$body$" (a int);
INSERT INTO "$body$" VALUES (1);
CREATE TABLE "таблица 表 🚢" ("столбец" int);
INSERT INTO "таблица 表 🚢" VALUES (1);
CREATE TABLE "a_table_name_that_is_exactly_as_long_as_PostgreSQL_lets_it_be_X" (a int PRIMARY KEY, b serial);
INSERT INTO "a_table_name_that_is_exactly_as_long_as_PostgreSQL_lets_it_be_X" SELECT generate_series(1, 4);
CREATE TABLE "a_table_name_that_is_exactly_as_long_as_PostgreSQL_lets_it_be_Y" (a int PRIMARY KEY);
CREATE TABLE "*" ("*" int);
INSERT INTO "*" VALUES (1);
CREATE TABLE "readings*?[a-z]|(x)" (a int);
CREATE TABLE hyperferry (slice int);
-- What would be a command to psql, to a shell, or in a text that is filled in.
CREATE TABLE "'; DROP TABLE mixedcase; --" (":var" int, ":'var'" int, "${x}" int, "%(x)s" int, "\! touch /tmp/hf" int);
INSERT INTO "'; DROP TABLE mixedcase; --" VALUES (1, 2, 3, 4, 5);
CREATE TABLE "
\! touch /tmp/hf
\connect template1
" (a int);
INSERT INTO "
\! touch /tmp/hf
\connect template1
" VALUES (1);
CREATE TABLE "$$; DROP TABLE mixedcase; $$" ("$(touch /tmp/hf)" int, "`touch /tmp/hf`" int);
INSERT INTO "$$; DROP TABLE mixedcase; $$" VALUES (1, 2);
INSERT INTO hyperferry VALUES (1);
CREATE VIEW "View ""of"" MixedCase" AS SELECT "Id", "select", "
newline" FROM "MixedCase";
CREATE SEQUENCE "Seq.""uence""";
SELECT nextval('"Seq.""uence"""');
CREATE INDEX "Index; ""x""" ON "MixedCase" ("a b", "a.b" DESC NULLS LAST);

-- The same kinds of names on hypertables.
CREATE TABLE "%s ${x} :var '; DROP TABLE mixedcase; --" ("$1; \! x" timestamptz NOT NULL, "}}{{ %n" text);
SELECT create_hypertable('"%s ${x} :var ''; DROP TABLE mixedcase; --"', '$1; \! x', chunk_time_interval => INTERVAL '1 day');
INSERT INTO "%s ${x} :var '; DROP TABLE mixedcase; --" VALUES ('2026-01-01 00:00+00', 'a'), ('2026-01-03 00:00+00', 'b');
CREATE TABLE "Hyper ""Table"".one" ("At time" timestamptz NOT NULL, "Device id" text, "val;ue" float8);
SELECT create_hypertable('"Hyper ""Table"".one"', 'At time', chunk_time_interval => INTERVAL '1 day');
SELECT add_dimension('"Hyper ""Table"".one"', 'Device id', number_partitions => 2);
INSERT INTO "Hyper ""Table"".one" SELECT t, 'dev ' || extract(hour FROM t), 1
FROM generate_series(TIMESTAMPTZ '2026-01-01 00:00+00', '2026-01-05 00:00+00', '1 hour') t;
CREATE TABLE "hyper\n'$$table" ("time" timestamptz NOT NULL, "?" int);
SELECT create_hypertable('"hyper\n''$$table"', 'time', create_default_indexes => false);
INSERT INTO "hyper\n'$$table" VALUES ('2026-01-01 00:00+00', 1), ('2026-03-01 00:00+00', 2);
CREATE TABLE "new
line" ("at
" bigint NOT NULL, "ü" text);
SELECT create_hypertable('"new
line"', E'at\n', chunk_time_interval => 10);
INSERT INTO "new
line" SELECT i, 'ü' FROM generate_series(-25, 25) i;
CREATE TABLE "таблица времени 時系列 🚢" ("время" date NOT NULL, "значение" int);
SELECT create_hypertable('"таблица времени 時系列 🚢"', 'время', chunk_time_interval => INTERVAL '7 days');
INSERT INTO "таблица времени 時系列 🚢" SELECT DATE '2026-01-01' + i, i FROM generate_series(0, 40) i;
CREATE TABLE "a_hypertable_name_that_is_as_long_as_PostgreSQL_lets_it_be_abcX" ("select" timestamp NOT NULL, "all" int);
SELECT create_hypertable('"a_hypertable_name_that_is_as_long_as_PostgreSQL_lets_it_be_abcX"', 'select');
INSERT INTO "a_hypertable_name_that_is_as_long_as_PostgreSQL_lets_it_be_abcX" VALUES ('2026-01-01', 1);
CREATE TABLE "user" ("end" timestamptz NOT NULL, "analyse" int, CONSTRAINT "primary" PRIMARY KEY ("end", "analyse"));
SELECT create_hypertable('"user"', 'end', chunk_time_interval => INTERVAL '1 month');
INSERT INTO "user" VALUES ('2026-01-01 00:00+00', 1), ('2026-02-01 00:00+00', 2);
