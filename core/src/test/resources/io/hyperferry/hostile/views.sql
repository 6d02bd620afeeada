SET search_path = hostile, hostile_ext, public;

CREATE VIEW adults WITH (security_barrier) AS SELECT id, name FROM animals WHERE legs > 2 WITH LOCAL CHECK OPTION;
CREATE VIEW adult_ants WITH (security_invoker = true, check_option = cascaded) AS SELECT * FROM adults WHERE name LIKE 'a%';
CREATE RECURSIVE VIEW ancestors (id, elder, depth) AS
    SELECT id, elder, 0 FROM children WHERE elder IS NULL
    UNION ALL SELECT c.id, c.elder, a.depth + 1 FROM children c JOIN ancestors a ON c.elder = a.id;
-- Valid only because of the primary key, which pg_dump makes later.
CREATE VIEW grouped_by_key AS SELECT p.*, count(c.id) AS "how many" FROM parents p LEFT JOIN children c ON c.parent = p.id GROUP BY p.id;
CREATE VIEW upon_grouped AS SELECT code, "how many" FROM grouped_by_key WHERE "how many" > 1;
CREATE MATERIALIZED VIEW kept_groups AS SELECT * FROM upon_grouped;
CREATE UNIQUE INDEX kept_groups_code ON kept_groups (code) WHERE "how many" > 2;
-- Two views that need each other.
CREATE VIEW circle_one AS SELECT 1 AS a, 'x'::text AS b;
CREATE VIEW circle_two AS SELECT a FROM circle_one;
CREATE FUNCTION circle_row() RETURNS SETOF circle_two LANGUAGE sql AS $$ SELECT a FROM hostile.circle_two $$;
CREATE OR REPLACE VIEW circle_one AS SELECT 1 AS a, (SELECT 'x'::text) AS b, (SELECT count(*) FROM circle_row()) * 0 AS c WHERE false;
CREATE VIEW of_hypertable AS SELECT time_bucket('1 day', at) AS day, device, avg(value) AS mean, first(note, at), last(value, at)
FROM at_timestamptz GROUP BY 1, 2;
CREATE MATERIALIZED VIEW "Kept days" WITH (fillfactor = 90) AS SELECT day, count(*) AS devices FROM of_hypertable GROUP BY 1 WITH DATA;
CREATE INDEX "Kept ""days"" index" ON "Kept days" (day DESC) INCLUDE (devices);
CREATE MATERIALIZED VIEW never_filled AS SELECT at, value FROM at_date WITH NO DATA;
CREATE INDEX never_filled_at ON never_filled (at);
CREATE MATERIALIZED VIEW kept_of_kept AS SELECT max(day) AS latest FROM "Kept days";
-- Rows that are no longer what the query gives.
CREATE TABLE moving (n int);
INSERT INTO moving VALUES (1);
CREATE MATERIALIZED VIEW behind AS SELECT n FROM moving;
CREATE VIEW defaults AS SELECT id, value FROM watched;
ALTER VIEW defaults ALTER COLUMN value SET DEFAULT 99;
CREATE TRIGGER instead INSTEAD OF INSERT OR UPDATE OR DELETE ON defaults FOR EACH ROW EXECUTE FUNCTION count_it();
CREATE RULE instead_rule AS ON INSERT TO of_hypertable DO INSTEAD NOTHING;
CREATE VIEW odd_syntax AS
SELECT DISTINCT ON (i) i, j, t."Z z", row_number() OVER w AS "row; number", ARRAY(SELECT 1) AS arr, g.* IS NULL AS nul,
    'a' COLLATE "C" || E'\\n;--' AS text, CASE i WHEN 1 THEN $$it's$$ END AS "case", grouping(i)
FROM generate_series(1, 3) WITH ORDINALITY AS g (i, j) CROSS JOIN LATERAL (SELECT (ROW(1, 2, 3)::point3)."Z z") t
GROUP BY GROUPING SETS ((i, j, t."Z z", g.*)) WINDOW w AS (ORDER BY i ROWS BETWEEN 1 PRECEDING AND CURRENT ROW EXCLUDE TIES)
ORDER BY i, j DESC NULLS LAST LIMIT 5;
CREATE VIEW empty_view AS SELECT;
