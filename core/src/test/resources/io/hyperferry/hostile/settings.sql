-- What later sessions begin with: this comes last.
DO $$
DECLARE
    setting text;
BEGIN
    FOREACH setting IN ARRAY ARRAY[
        'DateStyle = ''German, DMY''', 'IntervalStyle = sql_standard', 'TimeZone = ''Asia/Kathmandu''', 'extra_float_digits = 0',
        'bytea_output = escape', 'search_path = hostile, "Hostile ""Names"".b", public', 'statement_timeout = ''10min''',
        'default_transaction_isolation = ''repeatable read''', 'xmloption = document', 'quote_all_identifiers = on',
        'timescaledb.max_open_chunks_per_insert = 7', 'hostile.note = ''it''''s; \ "odd"''', 'work_mem = ''5MB'''] LOOP
        EXECUTE format('ALTER DATABASE %I SET ', current_database()) || setting;
    END LOOP;
    EXECUTE format('ALTER ROLE hf_hostile_reader IN DATABASE %I SET search_path = hostile', current_database());
    EXECUTE format('ALTER ROLE "hf_hostile ""Odd""" IN DATABASE %I SET lock_timeout = ''3s''', current_database());
    EXECUTE format('ALTER DATABASE %I CONNECTION LIMIT 150', current_database());
    EXECUTE format('GRANT CONNECT, TEMPORARY ON DATABASE %I TO hf_hostile_reader WITH GRANT OPTION', current_database());
    EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
END
$$;
