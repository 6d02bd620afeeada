-- Roles live on the server, not in the database: another test may have made them.
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['hf_hostile_owner', 'hf_hostile_reader', 'hf_hostile_writer', 'hf_hostile "Odd"'] LOOP
        BEGIN
            EXECUTE format('CREATE ROLE %I', name);
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL;
        END;
    END LOOP;
END
$$;
