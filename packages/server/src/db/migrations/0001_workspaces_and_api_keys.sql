-- A workspace is one business's account; its test and live environments keep their data apart.
CREATE TABLE workspaces (
  id         text COLLATE "C" PRIMARY KEY,
  name       text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
  plan       text NOT NULL DEFAULT 'standard' CHECK (plan IN ('standard', 'enterprise')),
  created_at timestamptz NOT NULL
);

CREATE TABLE environments (
  id           text COLLATE "C" PRIMARY KEY,
  workspace_id text COLLATE "C" NOT NULL REFERENCES workspaces ON DELETE CASCADE,
  name         text NOT NULL CHECK (name IN ('test', 'live')),
  UNIQUE (workspace_id, name)
);

-- A key's identity outlives its secrets: rotation adds a secret and keeps the key.
CREATE TABLE api_keys (
  id             text COLLATE "C" PRIMARY KEY,
  environment_id text COLLATE "C" NOT NULL REFERENCES environments ON DELETE CASCADE,
  name           text NOT NULL CHECK (length(name) BETWEEN 1 AND 100),
  permissions    text[] NOT NULL CHECK (cardinality(permissions) > 0),
  created_by     text NOT NULL,
  created_at     timestamptz NOT NULL,
  updated_at     timestamptz NOT NULL,
  expires_at     timestamptz,
  revoked_at     timestamptz,
  last_used_at   timestamptz
);
CREATE INDEX api_keys_by_environment ON api_keys (environment_id, id DESC);

-- Only the HMAC-SHA-256 of a secret is kept, with its last four characters for people to tell keys apart.
CREATE TABLE api_key_secrets (
  id         text COLLATE "C" PRIMARY KEY,
  api_key_id text COLLATE "C" NOT NULL REFERENCES api_keys ON DELETE CASCADE,
  hash       bytea NOT NULL UNIQUE CHECK (length(hash) = 32),
  last_four  text NOT NULL CHECK (length(last_four) = 4),
  created_at timestamptz NOT NULL
);
CREATE INDEX api_key_secrets_by_key ON api_key_secrets (api_key_id, id DESC);
