-- What a key may be restricted to, whom it belongs to, and what happened to it.
ALTER TABLE api_keys
  ADD ip_allowlist          text[] NOT NULL DEFAULT '{}' CHECK (cardinality(ip_allowlist) <= 50),
  ADD rate_limit_per_minute integer CHECK (rate_limit_per_minute BETWEEN 1 AND 10000),
  ADD owner_type            text NOT NULL DEFAULT 'app' CHECK (owner_type IN ('app', 'person')),
  ADD owner_name            text CHECK (length(owner_name) BETWEEN 1 AND 100),
  ADD owner_email           text CHECK (length(owner_email) BETWEEN 3 AND 254),
  ADD quarantined_at        timestamptz,
  ADD quarantine_reason     text,
  ADD quarantine_addresses  text[] NOT NULL DEFAULT '{}',
  ADD leaked_at             timestamptz,
  ADD leak_url              text,
  ADD leak_source           text,
  ADD browser_refused_at    timestamptz,
  ADD browser_origin        text,
  -- Days before the end that the last notice was about (7 or 1), or 0 when the end itself was noted.
  ADD expiry_noted_days     smallint,
  -- The receipt of the revoke, for who asks again.
  ADD revocation            json,
  ADD CHECK ((owner_type = 'person') = (owner_email IS NOT NULL)),
  ADD CHECK ((quarantined_at IS NULL) = (quarantine_reason IS NULL));
CREATE INDEX api_keys_that_end ON api_keys (expires_at) WHERE expires_at IS NOT NULL AND revoked_at IS NULL;
CREATE INDEX api_keys_by_owner ON api_keys (environment_id, owner_email) WHERE owner_email IS NOT NULL;

-- One secret of a key is current; one more works until it ends, while the key rotates.
ALTER TABLE api_key_secrets
  ADD superseded_at timestamptz,
  ADD ends_at       timestamptz,
  -- Whether the end, and the day before it, were noted.
  ADD end_noted     boolean NOT NULL DEFAULT false,
  ADD end_announced boolean NOT NULL DEFAULT false,
  ADD CHECK ((superseded_at IS NULL) = (ends_at IS NULL));
CREATE UNIQUE INDEX api_key_secrets_current ON api_key_secrets (api_key_id) WHERE superseded_at IS NULL;
CREATE INDEX api_key_secrets_that_end ON api_key_secrets (ends_at) WHERE ends_at IS NOT NULL AND NOT end_noted;

-- What becomes of a key whose secret somebody found.
ALTER TABLE environments
  ADD leak_response text NOT NULL DEFAULT 'quarantine' CHECK (leak_response IN ('quarantine', 'revoke'));

-- People who left a workspace, so that the keys they leave behind are pointed out.
CREATE TABLE former_members (
  workspace_id text COLLATE "C" NOT NULL REFERENCES workspaces ON DELETE CASCADE,
  email        text NOT NULL,
  left_at      timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, email)
);
