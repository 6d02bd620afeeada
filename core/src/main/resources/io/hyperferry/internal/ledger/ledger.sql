CREATE SCHEMA IF NOT EXISTS hyperferry;

-- Whoever owns the schema can take its tables away, whoever owns those.
DO $$
BEGIN
    IF NOT (SELECT pg_has_role(nspowner, 'USAGE') FROM pg_namespace WHERE nspname = 'hyperferry') THEN
        RAISE insufficient_privilege USING MESSAGE = 'the schema hyperferry belongs to another role: drop it';
    END IF;
END
$$;

COMMENT ON SCHEMA hyperferry IS 'Ledger of a migration by Hyperferry; can be removed when the migration is done.';

CREATE TABLE hyperferry.run (
    ledger_version int NOT NULL,
    plan text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    -- When all rows were there, so that nothing is left for workers to join.
    copied_at timestamptz,
    verified_at timestamptz
);

-- One row for each process that led the run; those that join it work under the number of the one that leads.
CREATE TABLE hyperferry.attempt (
    number int PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    started_at timestamptz NOT NULL DEFAULT now(),
    parallelism int NOT NULL,
    -- Since when its slices may be copied by anybody, and the source's snapshot to read under; it is there as long as the process lives.
    copying_at timestamptz,
    snapshot text,
    -- Which of the attempt's snapshots that is: the first, or another for each that was lost.
    snapshots int NOT NULL DEFAULT 1
);

-- What an attempt tried again: what it was, and the SQLState of the failure.
CREATE TABLE hyperferry.retry (
    attempt int NOT NULL REFERENCES hyperferry.attempt,
    what text NOT NULL,
    reason text NOT NULL,
    times bigint NOT NULL
);

CREATE TABLE hyperferry.step (
    position int PRIMARY KEY,
    title text NOT NULL,
    attempt int REFERENCES hyperferry.attempt,
    elapsed interval,
    done_at timestamptz
);

-- The source's schema as it was dumped, entry by entry, in the order of restoring.
CREATE TABLE hyperferry.schema_entry (
    position int PRIMARY KEY,
    section text NOT NULL,
    kind text NOT NULL,
    name text NOT NULL,
    sql text NOT NULL,
    left_out text,
    -- To restore entries side by side: the entry's number in the dump, of those that come before it, and of its tables; and their size.
    dump_id int NOT NULL,
    needs int[] NOT NULL,
    tables int[] NOT NULL,
    weight bigint NOT NULL,
    done_at timestamptz
);

-- A chunk that is compressed when all its slices are there; its row is locked meanwhile.
CREATE TABLE hyperferry.compression (
    position int PRIMARY KEY,
    relation text NOT NULL,
    bytes bigint NOT NULL,
    attempt int REFERENCES hyperferry.attempt,
    worker text,
    elapsed interval,
    done_at timestamptz
);

CREATE INDEX compression_open ON hyperferry.compression (position) WHERE done_at IS NULL;

-- A slice's row is locked while it is copied, and is marked in the transaction that carries its rows.
CREATE TABLE hyperferry.slice (
    position int PRIMARY KEY,
    relation text NOT NULL,
    compression int REFERENCES hyperferry.compression,
    -- Where its compressed tuples go, or why rows are copied in their place.
    compressed_relation text,
    refusal text,
    -- Whether it takes in all of its table, because its pages, by which slices tell rows apart, were rewritten on the source.
    whole_table boolean NOT NULL DEFAULT false,
    attempt int REFERENCES hyperferry.attempt,
    worker text,
    as_tuples boolean,
    reading text,
    row_count bigint,
    bytes bigint,
    digest numeric,
    elapsed interval,
    done_at timestamptz
);

CREATE INDEX slice_open ON hyperferry.slice (position) WHERE done_at IS NULL;
CREATE INDEX slice_compression ON hyperferry.slice (compression);

-- Tables that are not in the plan, because the source got them later and a catch-up created them: their columns and dimensions as JSON.
CREATE TABLE hyperferry.caught_up_table (
    relation text PRIMARY KEY,
    data text NOT NULL
);

-- Slices that are not in the plan, as the target has them since a catch-up. Their positions follow the plan's.
CREATE TABLE hyperferry.caught_up (
    position int PRIMARY KEY,
    relation text NOT NULL,
    -- Null for a plain table, which is one slice.
    chunk_schema text,
    chunk_name text,
    -- In TimescaleDB's internal unit, as in the plan.
    time_from bigint NOT NULL,
    time_to bigint NOT NULL,
    whole_chunk boolean NOT NULL,
    row_count bigint NOT NULL,
    digest numeric NOT NULL,
    done_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- The jobs that were made, by their number in the plan.
CREATE TABLE hyperferry.job (
    position int PRIMARY KEY,
    job int NOT NULL
);
