-- Source: metrics (PostgreSQL 17.5, TimescaleDB 2.29.2 community)
-- Target: target (PostgreSQL 17.5, TimescaleDB 2.29.2 community)

-- Step 1: restore schema (pre-data)
-- target: what pg_dump --section=pre-data gives, in one transaction

-- Step 2: create hypertable app "x".Events
SELECT "public".create_hypertable('"app ""x"""."Events"'::regclass, 'at', chunk_time_interval => 3600000::bigint, create_default_indexes => false);
SELECT "public".add_dimension('"app ""x"""."Events"'::regclass, 'device''s', number_partitions => 2);
SELECT "public".set_integer_now_func('"app ""x"""."Events"'::regclass, '"app ""x"""."now_ms"'::regproc);

-- Step 3: create hypertable public.readings
SELECT "public".create_hypertable('"public"."readings"'::regclass, 'time', chunk_time_interval => 86400000000::bigint, create_default_indexes => false);

-- Step 4: create chunks of app "x".Events
SELECT "_timescaledb_functions".create_chunk('"app ""x"""."Events"'::regclass, '{"at": [0, 3600000], "device''s": [-9223372036854775808, 1073741823]}');
SELECT "_timescaledb_functions".create_chunk('"app ""x"""."Events"'::regclass, '{"at": [0, 3600000], "device''s": [1073741823, 9223372036854775807]}');

-- Step 5: create chunks of public.readings
SELECT "_timescaledb_functions".create_chunk('"public"."readings"'::regclass, '{"time": [1767225600000000, 1767312000000000]}');
SELECT "_timescaledb_functions".create_chunk('"public"."readings"'::regclass, '{"time": [1767312000000000, 1767398400000000]}');
SELECT "_timescaledb_functions".create_chunk('"public"."readings"'::regclass, '{"time": [1767398400000000, 1767484800000000]}');

-- Step 6: copy data
-- slice 1, source:
COPY (SELECT "time", "level", "note" FROM "_timescaledb_internal"."_hyper_1_1_chunk") TO STDOUT (FORMAT binary);
SELECT count(*) AS row_count, coalesce(sum(hashint4extended(0, coalesce(CASE WHEN "time" >= '2000-01-01 00:00Z' THEN timestamp_hash_extended(timezone('0'::interval, "time"), timestamp_hash_extended(date_bin('4294.967296 s', timezone('0'::interval, "time"), '2000-01-01'), 1)) END, hashtextextended("time"::text, 1), 1) # hash_record_extended(ROW(record_send(ROW("level", "doubled", ROW("note")::text))), 0))), 0) AS digest FROM "_timescaledb_internal"."_hyper_1_1_chunk";
-- slice 1, target:
COPY "public"."readings" ("time", "level", "note") FROM STDIN (FORMAT binary);
-- slice 2, source:
COPY (SELECT "time", "level", "note" FROM "_timescaledb_internal"."_hyper_1_2_chunk") TO STDOUT (FORMAT binary);
SELECT count(*) AS row_count, coalesce(sum(hashint4extended(0, coalesce(CASE WHEN "time" >= '2000-01-01 00:00Z' THEN timestamp_hash_extended(timezone('0'::interval, "time"), timestamp_hash_extended(date_bin('4294.967296 s', timezone('0'::interval, "time"), '2000-01-01'), 1)) END, hashtextextended("time"::text, 1), 1) # hash_record_extended(ROW(record_send(ROW("level", "doubled", ROW("note")::text))), 0))), 0) AS digest FROM "_timescaledb_internal"."_hyper_1_2_chunk";
-- slice 2, target:
COPY "public"."readings" ("time", "level", "note") FROM STDIN (FORMAT binary);
-- slice 3, source:
COPY (SELECT "time", "level", "note" FROM "_timescaledb_internal"."_hyper_1_3_chunk") TO STDOUT (FORMAT binary);
SELECT count(*) AS row_count, coalesce(sum(hashint4extended(0, coalesce(CASE WHEN "time" >= '2000-01-01 00:00Z' THEN timestamp_hash_extended(timezone('0'::interval, "time"), timestamp_hash_extended(date_bin('4294.967296 s', timezone('0'::interval, "time"), '2000-01-01'), 1)) END, hashtextextended("time"::text, 1), 1) # hash_record_extended(ROW(record_send(ROW("level", "doubled", ROW("note")::text))), 0))), 0) AS digest FROM "_timescaledb_internal"."_hyper_1_3_chunk";
-- slice 3, target:
COPY "public"."readings" ("time", "level", "note") FROM STDIN (FORMAT binary);
-- slice 4, source:
COPY (SELECT "at", "device's" FROM "_timescaledb_internal"."_hyper_2_4_chunk") TO STDOUT (FORMAT binary);
SELECT count(*) AS row_count, coalesce(sum(hashint4extended(0, coalesce(hashint8extended("at", hashint8extended("at" >> 32, 1)), 1) # coalesce(hashtextextended("device's"::text COLLATE "C", 2), 2))), 0) AS digest FROM "_timescaledb_internal"."_hyper_2_4_chunk";
-- slice 4, target:
COPY "app ""x"""."Events" ("at", "device's") FROM STDIN (FORMAT binary);
-- slice 5, source:
COPY (SELECT "at", "device's" FROM "_timescaledb_internal"."_hyper_2_5_chunk") TO STDOUT (FORMAT binary);
SELECT count(*) AS row_count, coalesce(sum(hashint4extended(0, coalesce(hashint8extended("at", hashint8extended("at" >> 32, 1)), 1) # coalesce(hashtextextended("device's"::text COLLATE "C", 2), 2))), 0) AS digest FROM "_timescaledb_internal"."_hyper_2_5_chunk";
-- slice 5, target:
COPY "app ""x"""."Events" ("at", "device's") FROM STDIN (FORMAT binary);
-- slice 6, source:
COPY (SELECT "id", "name" FROM ONLY "public"."sensors") TO STDOUT (FORMAT binary);
SELECT count(*) AS row_count, coalesce(sum(hashint4extended(0, coalesce(hashint4extended("id", 1), 1) # coalesce(hashtextextended("name"::text COLLATE "C", 2), 2))), 0) AS digest FROM ONLY "public"."sensors";
-- slice 6, target:
COPY "public"."sensors" ("id", "name") FROM STDIN (FORMAT binary);

-- Step 7: set sequences
-- source: SELECT last_value, is_called FROM "public"."sensors_id_seq";
SELECT setval('"public"."sensors_id_seq"'::regclass, /* last_value */, /* is_called */);

-- Step 8: restore schema (post-data)
-- target: what pg_dump --section=post-data gives, one transaction for each index, constraint and trigger

-- Step 9: restore schema (materialized views' rows, publications, event triggers)
-- target: REFRESH MATERIALIZED VIEW for each that has rows on the source, publications and event triggers, one transaction each

-- Step 10: create jobs
SELECT "public".delete_job(j.id) FROM _timescaledb_config.bgw_job j WHERE j.id >= 1000 AND j.hypertable_id IS NOT NULL AND j.proc_name <> 'policy_process_hypertable_invalidations' AND NOT EXISTS (SELECT FROM hyperferry.job k WHERE k.job = j.id);
SELECT set_config('hyperferry.job', "public".add_job(coalesce(to_regprocedure('"public"."act"(integer, jsonb)')::oid::regproc, to_regproc('"public"."act"')), INTERVAL '1 day', scheduled => false, fixed_schedule => false)::text, true);
INSERT INTO hyperferry.job (position, job) VALUES (1, current_setting('hyperferry.job')::integer);
SELECT set_config('hyperferry.job', "public".add_job('"_timescaledb_functions"."policy_retention"'::regproc, INTERVAL '1 day', config => '{"drop_after": "1 year"}'::jsonb || jsonb_build_object('hypertable_id', (SELECT h.id FROM _timescaledb_catalog.hypertable h WHERE h.schema_name = 'public' AND h.table_name = 'readings' UNION ALL SELECT a.mat_hypertable_id FROM _timescaledb_catalog.continuous_agg a WHERE a.user_view_schema = 'public' AND a.user_view_name = 'readings')), scheduled => false, fixed_schedule => false, job_name => 'Retention Policy')::text, true);
SELECT "_timescaledb_functions".alter_job_set_hypertable_id(current_setting('hyperferry.job')::integer, '"public"."readings"'::regclass);
INSERT INTO hyperferry.job (position, job) VALUES (2, current_setting('hyperferry.job')::integer);

-- Step 11: analyze
ANALYZE "app ""x"""."Events";
ANALYZE "public"."readings";
ANALYZE "public"."sensors";

-- Step 12: verify
-- both sides: the digests of all slices, and the difference of both catalogs

-- Step 13: schedule jobs
SELECT "public".alter_job((SELECT k.job FROM hyperferry.job k WHERE k.position = 1), scheduled => true);
SELECT "public".alter_job((SELECT k.job FROM hyperferry.job k WHERE k.position = 2), scheduled => true);
