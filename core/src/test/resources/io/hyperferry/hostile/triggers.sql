SET search_path = hostile, public;

CREATE TABLE fired (trigger_name text, "table" text, op text);
CREATE FUNCTION count_it() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO hostile.fired VALUES (TG_NAME, TG_TABLE_NAME, TG_OP);
    RETURN COALESCE(NEW, OLD);
END
$$;
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'trigger % must not fire while rows are loaded', TG_NAME USING HINT = TG_ARGV[0];
END
$$;
CREATE FUNCTION change_it() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.value := -1; RETURN NEW; END $$;
CREATE FUNCTION swallow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
CREATE FUNCTION count_transitions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO hostile.fired SELECT TG_NAME, count(*)::text, TG_OP FROM "New rows";
    RETURN NULL;
END
$$;

CREATE TABLE watched (id int PRIMARY KEY, value int, note text);
INSERT INTO watched SELECT i, i, 'n' FROM generate_series(1, 20) i;
CREATE TABLE hyper_watched (at timestamptz NOT NULL, value int, note text);
SELECT create_hypertable('hyper_watched', 'at', chunk_time_interval => INTERVAL '1 day');
INSERT INTO hyper_watched SELECT TIMESTAMPTZ '2026-01-01 00:00+00' + i * INTERVAL '1 hour', i, 'n' FROM generate_series(0, 50) i;

CREATE TRIGGER "Before; row" BEFORE INSERT OR UPDATE OR DELETE ON watched FOR EACH ROW EXECUTE FUNCTION count_it();
CREATE TRIGGER changes BEFORE INSERT ON watched FOR EACH ROW WHEN (NEW.value > 0) EXECUTE FUNCTION change_it();
CREATE TRIGGER after_columns AFTER UPDATE OF value, note ON watched FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION count_it();
CREATE TRIGGER statement BEFORE INSERT ON watched FOR EACH STATEMENT EXECUTE FUNCTION refuse('it''s', '\x');
CREATE TRIGGER truncates BEFORE TRUNCATE ON watched EXECUTE FUNCTION refuse('truncated');
CREATE TRIGGER transitions AFTER INSERT ON watched REFERENCING NEW TABLE AS "New rows" EXECUTE FUNCTION count_transitions();
CREATE CONSTRAINT TRIGGER constraint_trigger AFTER INSERT OR UPDATE ON watched FROM devices DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION refuse('deferred');
CREATE TRIGGER is_disabled AFTER INSERT ON watched FOR EACH ROW EXECUTE FUNCTION refuse('disabled');
CREATE TRIGGER is_always AFTER INSERT ON watched FOR EACH ROW EXECUTE FUNCTION refuse('always');
CREATE TRIGGER is_replica AFTER INSERT ON watched FOR EACH ROW EXECUTE FUNCTION refuse('replica');
ALTER TABLE watched DISABLE TRIGGER is_disabled, ENABLE ALWAYS TRIGGER is_always, ENABLE REPLICA TRIGGER is_replica;

CREATE TRIGGER "Hyper before; row" BEFORE INSERT OR UPDATE OR DELETE ON hyper_watched FOR EACH ROW EXECUTE FUNCTION count_it();
CREATE TRIGGER hyper_changes BEFORE INSERT ON hyper_watched FOR EACH ROW WHEN (NEW.value > 0) EXECUTE FUNCTION change_it();
CREATE TRIGGER hyper_swallows BEFORE INSERT ON hyper_watched FOR EACH ROW WHEN (NEW.value = 7) EXECUTE FUNCTION swallow();
CREATE TRIGGER hyper_after AFTER UPDATE OF value ON hyper_watched FOR EACH ROW WHEN (OLD.value <> NEW.value) EXECUTE FUNCTION count_it();
CREATE TRIGGER hyper_statement BEFORE INSERT ON hyper_watched FOR EACH STATEMENT EXECUTE FUNCTION refuse('statement');
CREATE TRIGGER hyper_after_statement AFTER INSERT OR TRUNCATE ON hyper_watched EXECUTE FUNCTION refuse('after statement');
CREATE TRIGGER hyper_transitions AFTER INSERT ON hyper_watched REFERENCING NEW TABLE AS "New rows" EXECUTE FUNCTION count_transitions();

-- Partitions and children have what their parent has not.
CREATE TRIGGER partitioned AFTER INSERT ON by_range FOR EACH ROW EXECUTE FUNCTION refuse('partitioned');
CREATE TRIGGER one_partition BEFORE INSERT ON by_range_old FOR EACH ROW EXECUTE FUNCTION swallow();
ALTER TABLE by_range_2025_few DISABLE TRIGGER partitioned;
CREATE TRIGGER child BEFORE INSERT ON robot_dogs FOR EACH ROW EXECUTE FUNCTION swallow();

CREATE TABLE ruled (id int, value int);
CREATE TABLE rule_log (id int, what text);
INSERT INTO ruled SELECT i, i FROM generate_series(1, 10) i;
CREATE RULE "log; it" AS ON INSERT TO ruled WHERE NEW.id > 5 DO ALSO INSERT INTO rule_log VALUES (NEW.id, 'it''s');
CREATE RULE no_delete AS ON DELETE TO ruled DO INSTEAD NOTHING;
CREATE RULE off AS ON UPDATE TO ruled DO INSTEAD (INSERT INTO rule_log VALUES (OLD.id, 'a'); INSERT INTO rule_log VALUES (NEW.id, 'b'));
ALTER TABLE ruled DISABLE RULE off;
CREATE FUNCTION nothing_to_say() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM 1; END $$;
CREATE FUNCTION refuse_event() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'disabled event trigger'; END $$;
CREATE EVENT TRIGGER hostile_end ON ddl_command_end WHEN TAG IN ('CREATE TABLE', 'ALTER TABLE') EXECUTE FUNCTION nothing_to_say();
CREATE EVENT TRIGGER "Hostile; drop" ON sql_drop EXECUTE FUNCTION nothing_to_say();
CREATE EVENT TRIGGER hostile_disabled ON ddl_command_start EXECUTE FUNCTION refuse_event();
ALTER EVENT TRIGGER hostile_disabled DISABLE;
ALTER EVENT TRIGGER hostile_end ENABLE ALWAYS;
