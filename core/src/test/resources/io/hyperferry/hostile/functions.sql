SET search_path = hostile, hostile_ext, public;

CREATE FUNCTION twice(value int, factor int DEFAULT 2, OUT result int, OUT "Other" text) LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    COST 7 AS $$ SELECT value * factor, ';--' || $q$/* $q$ $$;
CREATE FUNCTION several(VARIADIC parts text[]) RETURNS SETOF text LANGUAGE plpgsql STABLE LEAKPROOF ROWS 5 AS $fn$
BEGIN
    RETURN QUERY SELECT unnest(parts) || E'\n$$;\\';
END
$fn$;
CREATE FUNCTION standard(value int) RETURNS int LANGUAGE sql IMMUTABLE BEGIN ATOMIC SELECT 1; SELECT value + 1; END;
CREATE FUNCTION expression_body(a int, b int) RETURNS int LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN a + b;
CREATE FUNCTION as_table(n int) RETURNS TABLE (id int, "Name of" text) LANGUAGE sql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp SET work_mem = '5MB' AS 'SELECT i, i::text FROM generate_series(1, n) i';
CREATE FUNCTION overloaded(int) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT 'int' $$;
CREATE FUNCTION overloaded(text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT 'text' $$;
CREATE FUNCTION overloaded(mood[], VARIADIC point3[]) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT 'odd' $$;
CREATE FUNCTION polymorphic(anycompatible, anycompatiblearray) RETURNS anycompatible LANGUAGE sql AS $$ SELECT $1 $$;
CREATE FUNCTION "Odd"".name"() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE FUNCTION checked_later() RETURNS text LANGUAGE plpgsql AS $$ BEGIN RETURN (SELECT nothing FROM not_there); END $$;
CREATE PROCEDURE proceed(IN a int, INOUT b int) LANGUAGE plpgsql AS $$ BEGIN b := a + b; END $$;
CREATE PROCEDURE proceed_atomically(a text) LANGUAGE sql BEGIN ATOMIC SELECT a; END;

CREATE FUNCTION joined(state text, value text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT concat_ws('+', state, value) $$;
CREATE AGGREGATE join_all(text) (SFUNC = joined, STYPE = text, INITCOND = 'it''s');
CREATE OPERATOR <+> (LEFTARG = int, RIGHTARG = int, FUNCTION = expression_body, COMMUTATOR = OPERATOR(hostile.<+>));
CREATE FUNCTION backwards(a int, b int) RETURNS int LANGUAGE sql IMMUTABLE STRICT RETURN CASE WHEN a > b THEN -1 WHEN a < b THEN 1 ELSE 0 END;
CREATE OPERATOR FAMILY backwards_family USING btree;
CREATE OPERATOR CLASS backwards_ops FOR TYPE int USING btree FAMILY backwards_family AS
    OPERATOR 1 >, OPERATOR 2 >=, OPERATOR 3 =, OPERATOR 4 <=, OPERATOR 5 <, FUNCTION 1 backwards(int, int);
CREATE FUNCTION to_point3(text) RETURNS point3 LANGUAGE sql IMMUTABLE AS $$ SELECT ROW(length($1), 0, 0)::hostile.point3 $$;
CREATE CAST (text AS point3) WITH FUNCTION to_point3(text) AS ASSIGNMENT;
CREATE CAST (mood AS int) WITH INOUT;
CREATE TEXT SEARCH DICTIONARY plain_words (TEMPLATE = pg_catalog.simple, STOPWORDS = english);
CREATE TEXT SEARCH CONFIGURATION hostile_search (COPY = pg_catalog.english);
ALTER TEXT SEARCH CONFIGURATION hostile_search ALTER MAPPING FOR asciiword WITH plain_words, english_stem;
ALTER TEXT SEARCH CONFIGURATION hostile_search DROP MAPPING FOR email;

CREATE TABLE calls (
    id int PRIMARY KEY DEFAULT (hostile.twice(21)).result,
    doubled int GENERATED ALWAYS AS (hostile.expression_body(id, id)) STORED,
    random_key uuid DEFAULT hostile_ext.gen_random_uuid(),
    secret text DEFAULT hostile_ext.crypt('x', '$1$abcdefgh$'),
    made timestamptz DEFAULT clock_timestamp(),
    quoted text DEFAULT E'it''s \\ "\n"' CHECK (hostile.overloaded(quoted) = 'text'),
    moods moods DEFAULT ARRAY['sad'::hostile.mood]
);
INSERT INTO calls DEFAULT VALUES;
INSERT INTO calls (id) SELECT generate_series(1, 20);
CREATE INDEX calls_backwards ON calls (id backwards_ops);
CREATE INDEX calls_operator ON calls ((id OPERATOR(hostile.<+>) doubled));
CREATE INDEX calls_search ON calls USING gin (to_tsvector('hostile.hostile_search', coalesce(quoted, '')));
