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

-- Step 6: create continuous aggregate public.hourly
CREATE MATERIALIZED VIEW "public"."hourly" WITH (timescaledb.continuous, timescaledb.materialized_only = true, timescaledb.create_group_indexes = false) AS
 SELECT 1 AS bucket FROM public.readings
WITH NO DATA;
SELECT "public".set_chunk_time_interval((SELECT format('%I.%I', h.schema_name, h.table_name)::regclass FROM _timescaledb_catalog.hypertable h WHERE h.id = (SELECT a.mat_hypertable_id FROM _timescaledb_catalog.continuous_agg a WHERE a.user_view_schema = 'public' AND a.user_view_name = 'hourly')), 864000000000::bigint);
DO 'DECLARE i regclass; BEGIN FOR i IN SELECT x.indexrelid FROM pg_index x WHERE x.indrelid = (SELECT format(''%I.%I'', h.schema_name, h.table_name)::regclass FROM _timescaledb_catalog.hypertable h WHERE h.id = (SELECT a.mat_hypertable_id FROM _timescaledb_catalog.continuous_agg a WHERE a.user_view_schema = ''public'' AND a.user_view_name = ''hourly'')) LOOP EXECUTE format(''DROP INDEX %s'', i); END LOOP; END';

-- Step 7: create continuous aggregate public.daily "x"
CREATE MATERIALIZED VIEW "public"."daily ""x""" WITH (timescaledb.continuous, timescaledb.materialized_only = true, timescaledb.create_group_indexes = false) AS
 SELECT 1 AS bucket FROM public.hourly
WITH NO DATA;
SELECT "public".set_chunk_time_interval((SELECT format('%I.%I', h.schema_name, h.table_name)::regclass FROM _timescaledb_catalog.hypertable h WHERE h.id = (SELECT a.mat_hypertable_id FROM _timescaledb_catalog.continuous_agg a WHERE a.user_view_schema = 'public' AND a.user_view_name = 'daily "x"')), 864000000000::bigint);
DO 'DECLARE i regclass; BEGIN FOR i IN SELECT x.indexrelid FROM pg_index x WHERE x.indrelid = (SELECT format(''%I.%I'', h.schema_name, h.table_name)::regclass FROM _timescaledb_catalog.hypertable h WHERE h.id = (SELECT a.mat_hypertable_id FROM _timescaledb_catalog.continuous_agg a WHERE a.user_view_schema = ''public'' AND a.user_view_name = ''daily "x"'')) LOOP EXECUTE format(''DROP INDEX %s'', i); END LOOP; END';

-- Step 8: restore schema (what needs continuous aggregates)
-- target: what of pg_dump --section=pre-data needs continuous aggregates, in one transaction

-- Step 9: create chunks of public.hourly
SELECT "_timescaledb_functions".create_chunk((SELECT format('%I.%I', h.schema_name, h.table_name)::regclass FROM _timescaledb_catalog.hypertable h WHERE h.id = (SELECT a.mat_hypertable_id FROM _timescaledb_catalog.continuous_agg a WHERE a.user_view_schema = 'public' AND a.user_view_name = 'hourly')), '{"bucket": [1766534400000000, 1767398400000000]}');

-- Step 10: copy data
-- target, at the beginning of each transaction:
SET LOCAL timescaledb.skip_cagg_invalidation = on;
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
COPY (SELECT "bucket", "n" FROM "_timescaledb_internal"."_hyper_3_9_chunk") TO STDOUT (FORMAT binary);
SELECT count(*) AS row_count, coalesce(sum(hashint4extended(0, coalesce(CASE WHEN "bucket" >= '2000-01-01 00:00Z' THEN timestamp_hash_extended(timezone('0'::interval, "bucket"), timestamp_hash_extended(date_bin('4294.967296 s', timezone('0'::interval, "bucket"), '2000-01-01'), 1)) END, hashtextextended("bucket"::text, 1), 1) # coalesce(hashint8extended("n", hashint8extended("n" >> 32, 2)), 2))), 0) AS digest FROM "_timescaledb_internal"."_hyper_3_9_chunk";
-- slice 6, target:
COPY /* the storage of */ "public"."hourly" ("bucket", "n") FROM STDIN (FORMAT binary);
-- slice 7, source:
COPY (SELECT "id", "name" FROM ONLY "public"."sensors") TO STDOUT (FORMAT binary);
SELECT count(*) AS row_count, coalesce(sum(hashint4extended(0, coalesce(hashint4extended("id", 1), 1) # coalesce(hashtextextended("name"::text COLLATE "C", 2), 2))), 0) AS digest FROM ONLY "public"."sensors";
-- slice 7, target:
COPY "public"."sensors" ("id", "name") FROM STDIN (FORMAT binary);

-- Step 11: set sequences
-- source: SELECT last_value, is_called FROM "public"."sensors_id_seq";
SELECT setval('"public"."sensors_id_seq"'::regclass, /* last_value */, /* is_called */);

-- Step 12: restore schema (post-data)
-- target: what pg_dump --section=post-data gives, one transaction for each index, constraint and trigger

-- Step 13: finish continuous aggregate public.hourly
CREATE INDEX mine ON public."hourly" USING btree (n);
UPDATE _timescaledb_catalog.continuous_aggs_invalidation_threshold SET watermark = '1767398400000000'::bigint WHERE hypertable_id = (SELECT a.raw_hypertable_id FROM _timescaledb_catalog.continuous_agg a WHERE a.user_view_schema = 'public' AND a.user_view_name = 'hourly');
UPDATE _timescaledb_catalog.continuous_aggs_watermark SET watermark = '1767398400000000'::bigint WHERE mat_hypertable_id = (SELECT a.mat_hypertable_id FROM _timescaledb_catalog.continuous_agg a WHERE a.user_view_schema = 'public' AND a.user_view_name = 'hourly');
DELETE FROM _timescaledb_catalog.continuous_aggs_materialization_invalidation_log WHERE materialization_id = (SELECT a.mat_hypertable_id FROM _timescaledb_catalog.continuous_agg a WHERE a.user_view_schema = 'public' AND a.user_view_name = 'hourly');
INSERT INTO _timescaledb_catalog.continuous_aggs_materialization_invalidation_log VALUES ((SELECT a.mat_hypertable_id FROM _timescaledb_catalog.continuous_agg a WHERE a.user_view_schema = 'public' AND a.user_view_name = 'hourly'), '1767312000000000'::bigint, '1767315599999999'::bigint);
INSERT INTO _timescaledb_catalog.continuous_aggs_materialization_invalidation_log VALUES ((SELECT a.mat_hypertable_id FROM _timescaledb_catalog.continuous_agg a WHERE a.user_view_schema = 'public' AND a.user_view_name = 'hourly'), '1767398400000000'::bigint, '9223372036854775807'::bigint);
-- and when rows were read at several moments:
INSERT INTO _timescaledb_catalog.continuous_aggs_materialization_invalidation_log VALUES ((SELECT a.mat_hypertable_id FROM _timescaledb_catalog.continuous_agg a WHERE a.user_view_schema = 'public' AND a.user_view_name = 'hourly'), '1767225600000000'::bigint, '1767398399999999'::bigint);

-- Step 14: finish continuous aggregate public.daily "x"
CREATE INDEX mine ON public."daily ""x""" USING btree (n);
DELETE FROM _timescaledb_catalog.continuous_aggs_materialization_invalidation_log WHERE materialization_id = (SELECT a.mat_hypertable_id FROM _timescaledb_catalog.continuous_agg a WHERE a.user_view_schema = 'public' AND a.user_view_name = 'daily "x"');
INSERT INTO _timescaledb_catalog.continuous_aggs_materialization_invalidation_log VALUES ((SELECT a.mat_hypertable_id FROM _timescaledb_catalog.continuous_agg a WHERE a.user_view_schema = 'public' AND a.user_view_name = 'daily "x"'), '-9223372036854775808'::bigint, '9223372036854775807'::bigint);

-- Step 15: restore schema (materialized views' rows, publications, event triggers)
-- target: REFRESH MATERIALIZED VIEW for each that has rows on the source, publications and event triggers, one transaction each

-- Step 16: analyze
ANALYZE "app ""x"""."Events";
ANALYZE "public"."readings";
ANALYZE "public"."sensors";
DO 'BEGIN EXECUTE format(''ANALYZE %1$s'', (SELECT format(''%I.%I'', h.schema_name, h.table_name)::regclass FROM _timescaledb_catalog.hypertable h WHERE h.id = (SELECT a.mat_hypertable_id FROM _timescaledb_catalog.continuous_agg a WHERE a.user_view_schema = ''public'' AND a.user_view_name = ''hourly''))); END';
DO 'BEGIN EXECUTE format(''ANALYZE %1$s'', (SELECT format(''%I.%I'', h.schema_name, h.table_name)::regclass FROM _timescaledb_catalog.hypertable h WHERE h.id = (SELECT a.mat_hypertable_id FROM _timescaledb_catalog.continuous_agg a WHERE a.user_view_schema = ''public'' AND a.user_view_name = ''daily "x"''))); END';

-- Step 17: verify
-- both sides: the digests of all slices, and the difference of both catalogs
