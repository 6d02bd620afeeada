-- A dimension of UUIDs of version 7, whose first 48 bits are milliseconds: 0x019b76daa800 is 2026-01-01 00:00 UTC.
SET search_path = hostile, public;

CREATE TABLE at_uuid (id uuid NOT NULL PRIMARY KEY, value int);
SELECT create_hypertable('at_uuid', by_range('id', INTERVAL '1 day'));
INSERT INTO at_uuid SELECT (lpad(to_hex(1767225600000 + i * 3600000), 12, '0') || '7' || lpad(to_hex(i), 3, '0') || '8' || lpad(to_hex(i), 15, '0'))::uuid, i
FROM generate_series(0, 100) i;
INSERT INTO at_uuid VALUES ('019b76da-a800-7000-8000-ffffffffffff', -1), ('019b76da-a7ff-7fff-bfff-ffffffffffff', -2);
