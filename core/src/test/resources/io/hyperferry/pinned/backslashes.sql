CREATE DOMAIN code AS text CHECK (value ~ '^[A-Z]-\d+$');
CREATE TABLE plain (id int PRIMARY KEY, c code, d text DEFAULT 'C:\temp\new', chk text CHECK (chk ~ '^\d{3}$'),
    gen text GENERATED ALWAYS AS (regexp_replace(chk, '\d', 'x\1')) STORED);
INSERT INTO plain (id, c, chk) VALUES (1, 'A-12', '123');
CREATE TABLE h (ts timestamptz NOT NULL, tag text CHECK (tag ~ '^\w+$'), v float8);
SELECT create_hypertable('h', 'ts');
INSERT INTO h VALUES ('2025-01-01Z', 'abc', 1), ('2025-02-01Z', 'def', 2);
CREATE INDEX ON h (v) WHERE tag ~ '\d';
CREATE VIEW tagged AS SELECT * FROM h WHERE tag ~ '^\w+$';
CREATE MATERIALIZED VIEW daily WITH (timescaledb.continuous) AS
    SELECT time_bucket('1 day', ts) b, sum(v) FILTER (WHERE tag ~ '^\w') s FROM h GROUP BY 1;
CREATE TYPE letter AS ENUM ('a\b', 'c');
CREATE TABLE e (e letter DEFAULT 'a\b');
INSERT INTO e VALUES (default);
ALTER TABLE e ENABLE ROW LEVEL SECURITY;
CREATE POLICY escaped ON e USING (e::text ~ '\\');
CREATE FUNCTION with_default(a text DEFAULT 'x\y') RETURNS text LANGUAGE sql AS 'SELECT a';
COMMENT ON TABLE plain IS 'C:\temp';
CREATE TABLE part (k text) PARTITION BY LIST (k);
CREATE TABLE part_a PARTITION OF part FOR VALUES IN ('a\b');
INSERT INTO part VALUES ('a\b');
ALTER TABLE h SET (timescaledb.compress);
SELECT compress_chunk(c) FROM show_chunks('h') c LIMIT 1;
