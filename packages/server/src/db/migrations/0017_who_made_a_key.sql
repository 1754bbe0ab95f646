-- Who made a key, as it was called then: a member, another key, or who runs the installation.
ALTER TABLE api_keys
  ADD created_by_type text NOT NULL DEFAULT 'admin' CHECK (created_by_type IN ('member', 'api_key', 'admin', 'system')),
  ADD created_by_name text;
UPDATE api_keys SET created_by_type = 'api_key' WHERE created_by LIKE 'key\_%';
UPDATE api_keys SET created_by_name = maker.name FROM api_keys AS maker WHERE maker.id = api_keys.created_by;
ALTER TABLE api_keys ALTER created_by DROP NOT NULL;
UPDATE api_keys SET created_by = NULL WHERE created_by_type = 'admin';
