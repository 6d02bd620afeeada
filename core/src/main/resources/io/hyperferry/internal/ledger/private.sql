-- Default privileges may have given the ledger to others, and it has the source's definitions.
DO $$
DECLARE
    role text;
BEGIN
    FOR role IN
        SELECT DISTINCT CASE x.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(x.grantee)) END
        FROM (SELECT n.nspowner AS owner, n.nspacl AS acl FROM pg_namespace n WHERE n.nspname = 'hyperferry'
              UNION ALL
              SELECT c.relowner, c.relacl FROM pg_class c WHERE c.relnamespace = 'hyperferry'::regnamespace) o,
             LATERAL aclexplode(o.acl) x
        WHERE x.grantee <> o.owner
    LOOP
        EXECUTE 'REVOKE ALL ON SCHEMA hyperferry FROM ' || role || ' CASCADE';
        EXECUTE 'REVOKE ALL ON ALL TABLES IN SCHEMA hyperferry FROM ' || role || ' CASCADE';
        EXECUTE 'REVOKE ALL ON ALL SEQUENCES IN SCHEMA hyperferry FROM ' || role || ' CASCADE';
    END LOOP;
END
$$;
