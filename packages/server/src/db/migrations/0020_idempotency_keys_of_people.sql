-- What people do that is in no environment, such as making a workspace, is had once, too. The id says whose it is.
ALTER TABLE idempotency_keys DROP CONSTRAINT idempotency_keys_pkey;
ALTER TABLE idempotency_keys ALTER COLUMN environment_id DROP NOT NULL;
ALTER TABLE idempotency_keys ADD CONSTRAINT idempotency_keys_once UNIQUE NULLS NOT DISTINCT (environment_id, id);
