-- Source: metrics (PostgreSQL 17.5, TimescaleDB 2.29.2 community)
-- Target: target (PostgreSQL 17.5, TimescaleDB 2.29.2 community)

-- Step 1: restore schema (pre-data)
-- target: what pg_dump --section=pre-data gives, in one transaction
-- without app "x".Events: not included
-- without public.sensors: not included

-- Step 2: create hypertable public.readings
SELECT "public".create_hypertable('"public"."readings"'::regclass, 'time', chunk_time_interval => 86400000000::bigint, create_default_indexes => false);

-- Step 3: restore schema (indexes of tables in the columnstore)
-- target: of pg_dump --section=post-data, one transaction each, the indexes and constraints but foreign keys of
--     public.readings

-- Step 4: create chunks of public.readings
SELECT "_timescaledb_functions".create_chunk('"public"."readings"'::regclass, '{"time": [1767225600000000, 1767312000000000]}');
SELECT "_timescaledb_functions".create_chunk('"public"."readings"'::regclass, '{"time": [1767312000000000, 1767398400000000]}');
SELECT "_timescaledb_functions".create_chunk('"public"."readings"'::regclass, '{"time": [1767398400000000, 1767484800000000]}');

-- Step 5: set columnstore of public.readings
ALTER TABLE "public"."readings" SET (timescaledb.compress, timescaledb.compress_segmentby = '"level"', timescaledb.compress_orderby = '"time" DESC NULLS FIRST');

-- Step 6: compress empty chunks of public.readings
-- one transaction each; decompressed again where the compressed relation does not have the source's columns
SELECT "public".compress_chunk(format('%I.%I', c.schema_name, c.table_name)::regclass) FROM "_timescaledb_functions".create_chunk('"public"."readings"'::regclass, '{"time": [1767225600000000, 1767312000000000]}') c;
SELECT "public".compress_chunk(format('%I.%I', c.schema_name, c.table_name)::regclass) FROM "_timescaledb_functions".create_chunk('"public"."readings"'::regclass, '{"time": [1767312000000000, 1767398400000000]}') c;

-- Step 7: set columnstore of public.readings
ALTER TABLE "public"."readings" RESET (timescaledb.compress_segmentby, timescaledb.compress_orderby, timescaledb.compress_index);
ALTER TABLE "public"."readings" SET (timescaledb.compress, timescaledb.compress_segmentby = '"level"', timescaledb.compress_orderby = '"time" DESC NULLS FIRST');

-- Step 8: copy data
-- slice 1, source:
-- where the target's compressed relation has the same columns: COPY of _timescaledb_internal._hyper_1_1_chunk_compressed and of what is not compressed in _timescaledb_internal._hyper_1_1_chunk, else
COPY (SELECT "time", "level", "note" FROM "_timescaledb_internal"."_hyper_1_1_chunk" ORDER BY "level" ASC NULLS LAST, "time" DESC NULLS FIRST) TO STDOUT (FORMAT binary);
SELECT count(*) AS row_count, coalesce(sum(hashint4extended(0, coalesce(CASE WHEN "time" >= '2000-01-01 00:00Z' THEN timestamp_hash_extended(timezone('0'::interval, "time"), timestamp_hash_extended(date_bin('4294.967296 s', timezone('0'::interval, "time"), '2000-01-01'), 1)) END, hashtextextended("time"::text, 1), 1) # hash_record_extended(ROW(record_send(ROW("level", "doubled", ROW("note")::text))), 0))), 0) AS digest FROM "_timescaledb_internal"."_hyper_1_1_chunk";
-- slice 1, target:
SET LOCAL timescaledb.enable_direct_compress_copy = on;
SET LOCAL timescaledb.enable_direct_compress_copy_client_sorted = on;
COPY "public"."readings" ("time", "level", "note") FROM STDIN (FORMAT binary);
-- slice 2, source:
-- where the target's compressed relation has the same columns: COPY of _timescaledb_internal._hyper_1_2_chunk_compressed and of what is not compressed in _timescaledb_internal._hyper_1_2_chunk, else
COPY (SELECT "time", "level", "note" FROM "_timescaledb_internal"."_hyper_1_2_chunk" ORDER BY "level" ASC NULLS LAST, "time" DESC NULLS FIRST) TO STDOUT (FORMAT binary);
SELECT count(*) AS row_count, coalesce(sum(hashint4extended(0, coalesce(CASE WHEN "time" >= '2000-01-01 00:00Z' THEN timestamp_hash_extended(timezone('0'::interval, "time"), timestamp_hash_extended(date_bin('4294.967296 s', timezone('0'::interval, "time"), '2000-01-01'), 1)) END, hashtextextended("time"::text, 1), 1) # hash_record_extended(ROW(record_send(ROW("level", "doubled", ROW("note")::text))), 0))), 0) AS digest FROM "_timescaledb_internal"."_hyper_1_2_chunk";
-- slice 2, target:
SET LOCAL timescaledb.enable_direct_compress_copy = on;
SET LOCAL timescaledb.enable_direct_compress_copy_client_sorted = on;
COPY "public"."readings" ("time", "level", "note") FROM STDIN (FORMAT binary);
-- slice 3, source:
COPY (SELECT "time", "level", "note" FROM "_timescaledb_internal"."_hyper_1_3_chunk") TO STDOUT (FORMAT binary);
SELECT count(*) AS row_count, coalesce(sum(hashint4extended(0, coalesce(CASE WHEN "time" >= '2000-01-01 00:00Z' THEN timestamp_hash_extended(timezone('0'::interval, "time"), timestamp_hash_extended(date_bin('4294.967296 s', timezone('0'::interval, "time"), '2000-01-01'), 1)) END, hashtextextended("time"::text, 1), 1) # hash_record_extended(ROW(record_send(ROW("level", "doubled", ROW("note")::text))), 0))), 0) AS digest FROM "_timescaledb_internal"."_hyper_1_3_chunk";
-- slice 3, target:
COPY "public"."readings" ("time", "level", "note") FROM STDIN (FORMAT binary);
-- target, each when all rows of its chunk are there:
SELECT "public".compress_chunk(format('%I.%I', c.schema_name, c.table_name)::regclass) FROM "_timescaledb_functions".create_chunk('"public"."readings"'::regclass, '{"time": [1767225600000000, 1767312000000000]}') c;
SELECT "public".compress_chunk(format('%I.%I', c.schema_name, c.table_name)::regclass) FROM "_timescaledb_functions".create_chunk('"public"."readings"'::regclass, '{"time": [1767312000000000, 1767398400000000]}') c;

-- Step 9: set sequences

-- Step 10: restore schema (post-data)
-- target: what pg_dump --section=post-data gives, one transaction for each index, constraint and trigger

-- Step 11: set columnstore of public.readings
ALTER TABLE "public"."readings" SET (timescaledb.compress, timescaledb.compress_segmentby = '"level"', timescaledb.compress_orderby = '"time" DESC NULLS FIRST');

-- Step 12: compress chunks of public.readings
SELECT "public".compress_chunk(format('%I.%I', c.schema_name, c.table_name)::regclass) FROM "_timescaledb_functions".create_chunk('"public"."readings"'::regclass, '{"time": [1767225600000000, 1767312000000000]}') c;
SELECT "public".compress_chunk(format('%I.%I', c.schema_name, c.table_name)::regclass) FROM "_timescaledb_functions".create_chunk('"public"."readings"'::regclass, '{"time": [1767312000000000, 1767398400000000]}') c;

-- Step 13: restore schema (materialized views' rows, publications, event triggers)
-- target: REFRESH MATERIALIZED VIEW for each that has rows on the source, publications and event triggers, one transaction each

-- Step 14: analyze
ANALYZE "public"."readings";

-- Step 15: verify
-- both sides: the digests of all slices, and the difference of both catalogs
