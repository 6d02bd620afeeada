CREATE SCHEMA hostile;
CREATE SCHEMA "Hostile ""Names"".b";
CREATE SCHEMA hostile_ext;
CREATE SCHEMA hostile_chunks;
CREATE SCHEMA hostile_empty;
CREATE SCHEMA hostile_owned AUTHORIZATION hf_hostile_owner;

CREATE EXTENSION pgcrypto SCHEMA hostile_ext;
CREATE EXTENSION hstore SCHEMA hostile_ext;
CREATE EXTENSION citext SCHEMA hostile_ext;
CREATE EXTENSION pg_trgm SCHEMA hostile_ext;
CREATE EXTENSION btree_gist SCHEMA hostile_ext;
CREATE EXTENSION ltree SCHEMA hostile_ext;
CREATE EXTENSION intarray SCHEMA hostile_ext;
CREATE EXTENSION postgres_fdw SCHEMA hostile_ext;
CREATE EXTENSION file_fdw SCHEMA hostile_ext;
