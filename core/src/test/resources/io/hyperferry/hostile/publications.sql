SET search_path = hostile, public;

CREATE PUBLICATION hostile_tables FOR TABLE parents (id, code) WHERE (id > 0), ONLY animals, at_timestamptz, by_range
    WITH (publish = 'insert, delete', publish_via_partition_root = true);
CREATE PUBLICATION "Hostile ""schema""" FOR TABLES IN SCHEMA hostile_empty, "Hostile ""Names"".b", TABLE hostile.by_hash;
CREATE PUBLICATION hostile_nothing WITH (publish = '');
CREATE PUBLICATION hostile_all FOR ALL TABLES WITH (publish = 'truncate');
COMMENT ON PUBLICATION hostile_tables IS 'a publication';
