SET search_path = hostile, hostile_ext, public;

COMMENT ON SCHEMA hostile IS E'A schema; -- with ''quotes'', "more" and \\ \n new line $$';
COMMENT ON TABLE parents IS 'parents'' table';
COMMENT ON COLUMN parents.code IS 'Ünïcode 名前 🚢';
COMMENT ON COLUMN "Hostile ""Names"".b"."MixedCase"."a.b" IS '-- TOC entry 1 (class 1259 OID 1)';
COMMENT ON TABLE "Hostile ""Names"".b"."new
line; DROP TABLE mixedcase; --" IS '
--
';
COMMENT ON TABLE "Hostile ""Names"".b"."'; DROP TABLE mixedcase; --" IS E'\n\\! touch /tmp/hf\n\\connect template1\n$$; \'; DROP TABLE mixedcase; -- ${x} :var %s\n';
COMMENT ON TABLE at_timestamptz IS 'A hypertable';
COMMENT ON COLUMN at_timestamptz.at IS 'its time';
COMMENT ON CONSTRAINT parents_code ON parents IS 'a key';
COMMENT ON CONSTRAINT "note; check" ON constrained IS 'a check of a hypertable';
COMMENT ON CONSTRAINT "constrained pk" ON constrained IS 'a primary key of a hypertable';
COMMENT ON CONSTRAINT in_range ON DOMAIN percent IS 'of a domain';
COMMENT ON DOMAIN percent IS 'a domain';
COMMENT ON TYPE mood IS 'an enum';
COMMENT ON TYPE point3 IS 'a composite type';
COMMENT ON COLUMN point3.x IS 'its column';
COMMENT ON TYPE floatrange IS 'a range';
COMMENT ON COLLATION german_phonebook IS 'a collation';
COMMENT ON INDEX indexed_gin IS 'an index';
COMMENT ON INDEX "hyper index; 1" IS 'an index of a hypertable';
COMMENT ON SEQUENCE odd_sequence IS 'a sequence';
COMMENT ON STATISTICS indexed_statistics IS 'statistics';
COMMENT ON VIEW grouped_by_key IS 'a view that needs a key';
COMMENT ON COLUMN grouped_by_key.code IS 'its column';
COMMENT ON MATERIALIZED VIEW "Kept days" IS 'a materialized view';
COMMENT ON FOREIGN TABLE far_away IS 'a foreign table';
COMMENT ON FOREIGN DATA WRAPPER hostile_wrapper IS 'a wrapper';
COMMENT ON SERVER files IS 'a server';
COMMENT ON FUNCTION twice(int, int) IS 'a function';
COMMENT ON PROCEDURE proceed(int, int) IS 'a procedure';
COMMENT ON AGGREGATE join_all(text) IS 'an aggregate';
COMMENT ON OPERATOR <+> (int, int) IS 'an operator';
COMMENT ON OPERATOR CLASS backwards_ops USING btree IS 'an operator class';
COMMENT ON OPERATOR FAMILY backwards_family USING btree IS 'an operator family';
COMMENT ON CAST (text AS point3) IS 'a cast';
COMMENT ON TEXT SEARCH CONFIGURATION hostile_search IS 'a configuration';
COMMENT ON TEXT SEARCH DICTIONARY plain_words IS 'a dictionary';
COMMENT ON TRIGGER "Before; row" ON watched IS 'a trigger';
COMMENT ON TRIGGER hyper_after ON hyper_watched IS 'a trigger of a hypertable';
COMMENT ON RULE "log; it" ON ruled IS 'a rule';
COMMENT ON POLICY "own; rows" ON secrets IS 'a policy';
COMMENT ON POLICY hyper_policy ON hyper_secrets IS 'a policy of a hypertable';
COMMENT ON EVENT TRIGGER hostile_end IS 'an event trigger';
COMMENT ON EXTENSION pgcrypto IS 'an extension''s own comment';
COMMENT ON EXTENSION hstore IS NULL;
COMMENT ON LANGUAGE plpgsql IS 'a language';
DO $$
BEGIN
    EXECUTE format('COMMENT ON DATABASE %I IS %L', current_database(), 'it''s a database');
END
$$;
