SET search_path = hostile, public;

GRANT USAGE ON SCHEMA hostile TO hf_hostile_reader, hf_hostile_writer, PUBLIC;
GRANT ALL ON SCHEMA hostile_empty TO hf_hostile_writer WITH GRANT OPTION;
GRANT USAGE, CREATE ON SCHEMA "Hostile ""Names"".b" TO "hf_hostile ""Odd""";
GRANT SELECT ON ALL TABLES IN SCHEMA "Hostile ""Names"".b" TO "hf_hostile ""Odd""";
GRANT SELECT, INSERT ON at_timestamptz, parents TO hf_hostile_writer WITH GRANT OPTION;
GRANT SELECT (at, value), UPDATE (note) ON at_timestamptz TO hf_hostile_reader;
GRANT SELECT ("D d"), REFERENCES (a), INSERT (a) ON generated TO hf_hostile_reader WITH GRANT OPTION;
GRANT SELECT ("Id"), UPDATE ("
newline") ON "Hostile ""Names"".b"."MixedCase" TO "hf_hostile ""Odd""";
GRANT ALL ON at_date TO PUBLIC;
GRANT TRIGGER, TRUNCATE ON at_three TO hf_hostile_reader;
REVOKE INSERT ON at_int FROM CURRENT_USER;
REVOKE ALL ON at_smallint FROM CURRENT_USER;
GRANT SELECT ON at_smallint TO CURRENT_USER;
GRANT SELECT ON grouped_by_key, "Kept days", far_away TO hf_hostile_reader;
GRANT USAGE, SELECT ON SEQUENCE odd_sequence, parents_id_seq TO hf_hostile_reader;
GRANT UPDATE ON SEQUENCE set_uncalled TO hf_hostile_writer WITH GRANT OPTION;
REVOKE EXECUTE ON FUNCTION twice(int, int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION twice(int, int), overloaded(mood[], point3[]) TO hf_hostile_reader WITH GRANT OPTION;
GRANT EXECUTE ON PROCEDURE proceed(int, int) TO hf_hostile_writer;
REVOKE ALL ON FUNCTION checked_later() FROM PUBLIC;
REVOKE USAGE ON TYPE mood FROM PUBLIC;
GRANT USAGE ON TYPE mood, point3 TO hf_hostile_reader;
GRANT USAGE ON DOMAIN percent TO hf_hostile_reader;
GRANT USAGE ON FOREIGN DATA WRAPPER hostile_wrapper TO hf_hostile_reader;
GRANT USAGE ON FOREIGN SERVER files TO hf_hostile_reader WITH GRANT OPTION;
REVOKE USAGE ON LANGUAGE plpgsql FROM PUBLIC;
GRANT USAGE ON LANGUAGE plpgsql TO PUBLIC;
-- Granted on by somebody who is not the owner.
SET ROLE hf_hostile_writer;
GRANT SELECT ON at_timestamptz TO hf_hostile_reader;
GRANT SELECT ON parents TO "hf_hostile ""Odd""" WITH GRANT OPTION;
RESET ROLE;

ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO hf_hostile_reader;
ALTER DEFAULT PRIVILEGES IN SCHEMA hostile_empty GRANT SELECT, INSERT ON TABLES TO hf_hostile_writer WITH GRANT OPTION;
ALTER DEFAULT PRIVILEGES FOR ROLE hf_hostile_owner REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE hf_hostile_owner IN SCHEMA hostile GRANT USAGE ON SEQUENCES TO hf_hostile_reader;
ALTER DEFAULT PRIVILEGES FOR ROLE hf_hostile_owner GRANT USAGE ON TYPES TO hf_hostile_reader;
ALTER DEFAULT PRIVILEGES FOR ROLE hf_hostile_owner GRANT USAGE ON SCHEMAS TO hf_hostile_reader;

CREATE TABLE secrets (id int PRIMARY KEY, owner text, value text);
INSERT INTO secrets SELECT i, 'hf_hostile_reader', 'v' || i FROM generate_series(1, 10) i;
ALTER TABLE secrets ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "own; rows" ON secrets USING (owner = current_user) WITH CHECK (value <> 'x');
CREATE POLICY restrictive ON secrets AS RESTRICTIVE FOR SELECT TO hf_hostile_reader, "hf_hostile ""Odd""" USING (id > 3);
CREATE POLICY upon_another ON secrets FOR DELETE TO PUBLIC USING (EXISTS (SELECT FROM hostile.parents p WHERE p.code = value));
CREATE TABLE hyper_secrets (at timestamptz NOT NULL, owner text, value int);
SELECT create_hypertable('hyper_secrets', 'at', chunk_time_interval => INTERVAL '1 day');
INSERT INTO hyper_secrets SELECT TIMESTAMPTZ '2026-01-01 00:00+00' + i * INTERVAL '6 hours', 'nobody', i FROM generate_series(1, 20) i;
ALTER TABLE hyper_secrets ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY hyper_policy ON hyper_secrets FOR ALL TO hf_hostile_reader USING (owner = current_user) WITH CHECK (value > 0);
CREATE TABLE policy_but_off (id int);
CREATE POLICY unused ON policy_but_off FOR INSERT WITH CHECK (false);
INSERT INTO policy_but_off VALUES (1);

-- What belongs to somebody else.
CREATE TABLE hostile_owned.owned (id serial PRIMARY KEY, value text);
INSERT INTO hostile_owned.owned (value) VALUES ('a'), ('b');
CREATE TABLE hostile_owned.hyper_owned (at timestamptz NOT NULL, value int);
SELECT create_hypertable('hostile_owned.hyper_owned', 'at');
INSERT INTO hostile_owned.hyper_owned VALUES ('2026-01-01 00:00+00', 1);
ALTER TABLE hostile_owned.owned OWNER TO hf_hostile_owner;
ALTER TABLE hostile_owned.hyper_owned OWNER TO hf_hostile_owner;
CREATE FUNCTION hostile_owned.answer() RETURNS int LANGUAGE sql RETURN 42;
ALTER FUNCTION hostile_owned.answer() OWNER TO hf_hostile_owner;
