-- The queries of DatabaseFacts. Each returns an object, a detail and the statement about it.
-- In brackets: "community" needs the Community edition, "owners" is compared only where owners are kept.
-- {users} restricts a schema to those of users, {relations} are their relations (object, nspname and pg_class's columns),
-- {hypertables} are their hypertables, those of aggregates under the aggregate's name (object, relation),
-- {grants acl type owner} lists privileges of roles other than the owner.

-- relations
SELECT object, 'relation', concat_ws(' ', relkind, relpersistence, relreplident, relrowsecurity, relforcerowsecurity,
  (SELECT string_agg(o, ',' ORDER BY o) FROM unnest(reloptions) o))
FROM {relations} WHERE relkind IN ('r', 'p', 'v', 'm', 'S', 'f', 'c')

-- order of columns
SELECT object, 'columns', (SELECT string_agg(a.attname, ', ' ORDER BY a.attnum) FROM pg_attribute a
  WHERE a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped)
FROM {relations} WHERE relkind IN ('r', 'p', 'v', 'm', 'f', 'c')

-- columns
SELECT object, 'column ' || a.attname, concat_ws(' ', format_type(a.atttypid, a.atttypmod),
  CASE WHEN a.attnotnull THEN 'not null' END, 'identity ' || nullif(a.attidentity::text, ''),
  'generated ' || nullif(a.attgenerated::text, ''), 'default ' || pg_get_expr(e.adbin, e.adrelid),
  'collation ' || nullif(a.attcollation, 0)::regcollation, 'storage ' || a.attstorage::text,
  'compression ' || nullif(a.attcompression::text, ''), 'statistics ' || nullif(a.attstattarget, -1))
FROM {relations} JOIN pg_attribute a ON a.attrelid = r.oid
LEFT JOIN pg_attrdef e ON e.adrelid = a.attrelid AND e.adnum = a.attnum
WHERE relkind IN ('r', 'p', 'm', 'f', 'c') AND a.attnum > 0 AND NOT a.attisdropped

-- constraints
SELECT object, 'constraint ' || k.conname, pg_get_constraintdef(k.oid) || ' ' || k.convalidated
FROM {relations} JOIN pg_constraint k ON k.conrelid = r.oid WHERE k.contype <> 'n'

-- indexes
SELECT object, 'index ' || i.indexrelid::regclass::text,
  concat_ws(' ', pg_get_indexdef(i.indexrelid), i.indisvalid, i.indisclustered, i.indisreplident)
FROM {relations} JOIN pg_index i ON i.indrelid = r.oid

-- triggers
SELECT object, 'trigger ' || t.tgname, pg_get_triggerdef(t.oid) || ' ' || t.tgenabled::text
FROM {relations} JOIN pg_trigger t ON t.tgrelid = r.oid JOIN pg_proc p ON p.oid = t.tgfoid
WHERE NOT t.tgisinternal AND NOT starts_with(p.pronamespace::regnamespace::text, '_timescaledb')

-- rules
SELECT object, 'rule ' || w.rulename, pg_get_ruledef(w.oid) || ' ' || w.ev_enabled::text
FROM {relations} JOIN pg_rewrite w ON w.ev_class = r.oid WHERE w.rulename <> '_RETURN'

-- views
SELECT object, 'view', pg_get_viewdef(r.oid) FROM {relations}
WHERE relkind IN ('v', 'm') AND NOT EXISTS (SELECT FROM timescaledb_information.continuous_aggregates a
  WHERE a.view_schema = nspname AND a.view_name = relname)

-- inheritance and partitions
SELECT object, 'partition', i.inhparent::regclass || ' ' || coalesce(pg_get_expr(r.relpartbound, r.oid), '')
FROM {relations} JOIN pg_inherits i ON i.inhrelid = r.oid

-- partitioned tables
SELECT object, 'partitioning', pg_get_partkeydef(r.oid) FROM {relations} WHERE relkind = 'p'

-- sequences
SELECT object, 'sequence', concat_ws(' ', format_type(s.seqtypid, NULL), 'start', s.seqstart, 'increment',
  s.seqincrement, 'from', s.seqmin, 'to', s.seqmax, 'cache', s.seqcache, 'cycle', s.seqcycle,
  (SELECT 'of ' || d.refobjid::regclass || '.' || d.refobjsubid FROM pg_depend d WHERE d.classid = 'pg_class'::regclass
    AND d.objid = r.oid AND d.deptype IN ('a', 'i') AND d.refclassid = 'pg_class'::regclass))
FROM {relations} JOIN pg_sequence s ON s.seqrelid = r.oid

-- privileges of relations
SELECT object, 'privileges', {grants relacl r relowner} FROM {relations} WHERE relkind IN ('r', 'p', 'v', 'm', 'f')

-- privileges of sequences
SELECT object, 'privileges', {grants relacl s relowner} FROM {relations} WHERE relkind = 'S'

-- privileges of columns
SELECT object, 'privileges of column ' || a.attname, {grants a.attacl c relowner}
FROM {relations} JOIN pg_attribute a ON a.attrelid = r.oid WHERE a.attacl IS NOT NULL AND NOT a.attisdropped

-- policies
SELECT object, 'policy ' || y.polname, concat_ws(' ', y.polcmd, y.polpermissive,
  (SELECT array_agg(o::regrole) FROM unnest(y.polroles) o WHERE o <> 0)::text, pg_get_expr(y.polqual, y.polrelid),
  pg_get_expr(y.polwithcheck, y.polrelid))
FROM {relations} JOIN pg_policy y ON y.polrelid = r.oid

-- functions
SELECT p.oid::regprocedure::text, 'function',
  concat_ws(' ', pg_get_functiondef(p.oid), {grants p.proacl f p.proowner})
FROM pg_proc p WHERE p.prokind <> 'a' AND p.pronamespace::regnamespace::text {users} AND NOT EXISTS
  (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')

-- enums and domains
SELECT t.oid::regtype::text, 'type', concat_ws(' ', t.typtype,
  (SELECT string_agg(quote_literal(e.enumlabel), ', ' ORDER BY e.enumsortorder) FROM pg_enum e
    WHERE e.enumtypid = t.oid), format_type(nullif(t.typbasetype, 0), t.typtypmod), t.typnotnull, t.typdefault)
FROM pg_type t WHERE t.typtype IN ('e', 'd', 'r') AND t.typnamespace::regnamespace::text {users} AND NOT EXISTS
  (SELECT FROM pg_depend d WHERE d.classid = 'pg_type'::regclass AND d.objid = t.oid AND d.deptype = 'e')

-- constraints of domains
SELECT t.oid::regtype::text, 'constraint ' || k.conname, pg_get_constraintdef(k.oid) || ' ' || k.convalidated
FROM pg_constraint k JOIN pg_type t ON t.oid = k.contypid
WHERE k.contype <> 'n' AND t.typnamespace::regnamespace::text {users}

-- schemas
SELECT n.nspname, 'schema', {grants n.nspacl n n.nspowner} FROM pg_namespace n
WHERE n.nspname {users} AND NOT starts_with(n.nspname, 'pg_')

-- comments
SELECT i.identity, 'comment on ' || i.type, d.description
FROM pg_description d, LATERAL pg_identify_object(d.classoid, d.objoid, d.objsubid) i
WHERE d.objoid >= 16384 AND i.identity !~ '^(_?timescaledb|hyperferry$)' AND NOT EXISTS
  (SELECT FROM pg_depend x WHERE x.classid = d.classoid AND x.objid = d.objoid AND x.deptype = 'e')

-- default privileges
SELECT 'default privileges', a.defaclnamespace::regnamespace::text || ' ' || a.defaclobjtype::text,
  (SELECT string_agg(x.grantee::regrole || ':' || x.privilege_type, ' ' ORDER BY x.privilege_type)
    FROM aclexplode(a.defaclacl) x)
FROM pg_default_acl a

-- publications
SELECT p.pubname, 'publication',
  concat_ws(' ', p.puballtables, p.pubinsert, p.pubupdate, p.pubdelete, p.pubtruncate, p.pubviaroot)
FROM pg_publication p

-- tables of publications
SELECT p.pubname, 'publication of ' || l.prrelid::regclass, concat_ws(' ', pg_get_expr(l.prqual, l.prrelid), l.prattrs)
FROM pg_publication p JOIN pg_publication_rel l ON l.prpubid = p.oid

-- schemas of publications
SELECT p.pubname, 'publication of schema ' || s.pnnspid::regnamespace, ''
FROM pg_publication p JOIN pg_publication_namespace s ON s.pnpubid = p.oid

-- settings
SELECT split_part(c, '=', 1), 'setting of ' || coalesce(nullif(s.setrole, 0)::regrole::text, 'the database'), c
FROM pg_db_role_setting s, unnest(s.setconfig) c
WHERE s.setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())

-- extended statistics
SELECT s.stxnamespace::regnamespace || '.' || s.stxname, 'statistics', pg_get_statisticsobjdef(s.oid)
FROM pg_statistic_ext s WHERE s.stxnamespace::regnamespace::text {users}

-- hypertables
SELECT format('%I.%I', hypertable_schema, hypertable_name), 'dimension ' || dimension_number, concat_ws(' ',
  column_name, column_type, time_interval, integer_interval, integer_now_func, num_partitions)
FROM timescaledb_information.dimensions WHERE hypertable_schema {users}

-- owners of relations (owners)
SELECT object, 'owner', relowner::regrole::text FROM {relations} WHERE relkind IN ('r', 'p', 'v', 'm', 'S', 'f')

-- owners of functions (owners)
SELECT p.oid::regprocedure::text, 'owner', p.proowner::regrole::text
FROM pg_proc p WHERE p.pronamespace::regnamespace::text {users} AND NOT EXISTS
  (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')

-- chunks (community)
SELECT h.object, 'chunk ' || (_timescaledb_functions.show_chunk(k.chunk)).slices::text, concat_ws(' ',
  CASE WHEN is_compressed THEN 'compressed' END,
  CASE WHEN _timescaledb_functions.chunk_status(k.chunk) & 4 <> 0 THEN 'frozen' END)
FROM (SELECT *, format('%I.%I', chunk_schema, chunk_name)::regclass AS chunk FROM timescaledb_information.chunks) k
JOIN {hypertables} ON h.relation = format('%I.%I', k.hypertable_schema, k.hypertable_name)::regclass

-- columnstore (community)
SELECT h.object, 'columnstore', jsonb_strip_nulls(to_jsonb(s) - 'hypertable')
FROM timescaledb_information.hypertable_compression_settings s JOIN {hypertables} ON h.relation = s.hypertable

-- continuous aggregates (community)
SELECT format('%I.%I', view_schema, view_name), 'aggregate', regexp_replace(
  concat_ws(' ', CASE WHEN materialized_only THEN 'materialized only' END,
    CASE WHEN compression_enabled THEN 'with columnstore' END, view_definition),
  '_materialized_hypertable_\d+', '_materialized', 'g')
FROM timescaledb_information.continuous_aggregates

-- watermarks (community)
SELECT format('%I.%I', view_schema, view_name), 'watermark',
  _timescaledb_functions.cagg_watermark_materialized(y.id)::text
FROM timescaledb_information.continuous_aggregates a JOIN _timescaledb_catalog.hypertable y
  ON y.schema_name = a.materialization_hypertable_schema AND y.table_name = a.materialization_hypertable_name

-- indexes of aggregates (community)
SELECT h.object, 'index',
  regexp_replace(pg_get_indexdef(i.indexrelid), '_materialized_hypertable_\d+', '_materialized', 'g')
FROM pg_index i JOIN {hypertables} ON h.relation = i.indrelid WHERE starts_with(h.relation::text, '_timescaledb')

-- jobs (community)
SELECT coalesce(h.object, j.proc_name), 'job ' || j.proc_schema || '.' || j.proc_name, concat_ws(' ',
  schedule_interval, max_runtime, max_retries, retry_period, CASE WHEN scheduled THEN 'scheduled' END,
  CASE WHEN fixed_schedule THEN 'fixed' END, initial_start, config - 'hypertable_id' - 'mat_hypertable_id',
  check_schema, check_name)
FROM (SELECT *, quote_ident(hypertable_schema) || '.' || quote_ident(hypertable_name) AS hypertable
  FROM timescaledb_information.jobs) j
LEFT JOIN {hypertables} ON h.object = j.hypertable OR h.relation::text = j.hypertable
WHERE j.job_id >= 1000
