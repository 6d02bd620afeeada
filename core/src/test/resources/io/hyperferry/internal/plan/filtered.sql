-- Source: metrics (PostgreSQL 17.5, TimescaleDB 2.29.2 community)
-- Target: target (PostgreSQL 17.5, TimescaleDB 2.29.2 community)

-- Step 1: restore schema (pre-data)
-- target: what pg_dump --section=pre-data gives, in one transaction
-- without public.readings: excluded
-- without public.sensors: excluded

-- Step 2: create hypertable app "x".Events
SELECT "public".create_hypertable('"app ""x"""."Events"'::regclass, 'at', chunk_time_interval => 3600000::bigint, create_default_indexes => false);
SELECT "public".add_dimension('"app ""x"""."Events"'::regclass, 'device''s', number_partitions => 2);
SELECT "public".set_integer_now_func('"app ""x"""."Events"'::regclass, '"app ""x"""."now_ms"'::regproc);

-- Step 3: create chunks of app "x".Events
SELECT "_timescaledb_functions".create_chunk('"app ""x"""."Events"'::regclass, '{"at": [0, 3600000], "device''s": [-9223372036854775808, 1073741823]}');
SELECT "_timescaledb_functions".create_chunk('"app ""x"""."Events"'::regclass, '{"at": [0, 3600000], "device''s": [1073741823, 9223372036854775807]}');

-- Step 4: copy data
-- slice 1, source:
COPY (SELECT "at", "device's" FROM "_timescaledb_internal"."_hyper_2_4_chunk") TO STDOUT (FORMAT binary);
SELECT count(*) AS row_count, coalesce(sum(hashint4extended(0, coalesce(hashint8extended("at", hashint8extended("at" >> 32, 1)), 1) # coalesce(hashtextextended("device's"::text COLLATE "C", 2), 2))), 0) AS digest FROM "_timescaledb_internal"."_hyper_2_4_chunk";
-- slice 1, target:
COPY "app ""x"""."Events" ("at", "device's") FROM STDIN (FORMAT binary);
-- slice 2, source:
COPY (SELECT "at", "device's" FROM "_timescaledb_internal"."_hyper_2_5_chunk") TO STDOUT (FORMAT binary);
SELECT count(*) AS row_count, coalesce(sum(hashint4extended(0, coalesce(hashint8extended("at", hashint8extended("at" >> 32, 1)), 1) # coalesce(hashtextextended("device's"::text COLLATE "C", 2), 2))), 0) AS digest FROM "_timescaledb_internal"."_hyper_2_5_chunk";
-- slice 2, target:
COPY "app ""x"""."Events" ("at", "device's") FROM STDIN (FORMAT binary);

-- Step 5: set sequences

-- Step 6: restore schema (post-data)
-- target: what pg_dump --section=post-data gives, one transaction for each index, constraint and trigger

-- Step 7: restore schema (materialized views' rows, publications, event triggers)
-- target: REFRESH MATERIALIZED VIEW for each that has rows on the source, publications and event triggers, one transaction each

-- Step 8: analyze
ANALYZE "app ""x"""."Events";

-- Step 9: verify
-- both sides: the digests of all slices, and the difference of both catalogs
