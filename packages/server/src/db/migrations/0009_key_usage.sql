-- Who calls with which secret: counted in memory, written once a second. Old rows are deleted.
CREATE TABLE api_key_clients (
  environment_id  text COLLATE "C" NOT NULL REFERENCES environments ON DELETE CASCADE,
  api_key_id      text COLLATE "C" NOT NULL REFERENCES api_keys ON DELETE CASCADE,
  secret_id       text COLLATE "C" NOT NULL REFERENCES api_key_secrets ON DELETE CASCADE,
  endpoint        text NOT NULL,
  address         text NOT NULL,
  user_agent      text NOT NULL,
  first_seen_at   timestamptz NOT NULL,
  -- Accepted requests; refused ones (401, 403) apart.
  last_used_at    timestamptz,
  requests        bigint NOT NULL,
  last_refused_at timestamptz,
  refused         bigint NOT NULL,
  last_seen_at    timestamptz NOT NULL GENERATED ALWAYS AS (greatest(first_seen_at, last_used_at, last_refused_at)) STORED,
  PRIMARY KEY (secret_id, endpoint, address, user_agent)
);
CREATE INDEX api_key_clients_by_key ON api_key_clients (api_key_id, last_seen_at DESC);
CREATE INDEX api_key_clients_by_age ON api_key_clients (last_seen_at);

-- Requests of a key by hour and outcome. What isn't counted as one of the failures succeeded.
CREATE TABLE api_key_usage (
  environment_id text COLLATE "C" NOT NULL REFERENCES environments ON DELETE CASCADE,
  api_key_id     text COLLATE "C" NOT NULL REFERENCES api_keys ON DELETE CASCADE,
  hour           timestamptz NOT NULL,
  requests       bigint NOT NULL,
  refused        bigint NOT NULL,
  rate_limited   bigint NOT NULL,
  client_errors  bigint NOT NULL,
  server_errors  bigint NOT NULL,
  PRIMARY KEY (api_key_id, hour)
);
CREATE INDEX api_key_usage_by_age ON api_key_usage (hour);

-- Who did what to a key, from where. Rows are written once: only the end of their environment takes them away.
CREATE TABLE api_key_audit (
  id             text COLLATE "C" PRIMARY KEY,
  environment_id text COLLATE "C" NOT NULL REFERENCES environments ON DELETE CASCADE,
  -- Null: about all keys of the environment.
  api_key_id     text COLLATE "C" REFERENCES api_keys ON DELETE CASCADE,
  action         text NOT NULL,
  actor_type     text NOT NULL,
  actor_id       text,
  actor_name     text,
  address        text,
  user_agent     text,
  request_id     text,
  changes        json NOT NULL,
  created_at     timestamptz NOT NULL
);
CREATE INDEX api_key_audit_by_key ON api_key_audit (environment_id, api_key_id, id DESC);
CREATE INDEX api_key_audit_by_environment ON api_key_audit (environment_id, id DESC);

CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit trail is never changed';
END
$$;
-- A deletion that a foreign key brings along comes from within another trigger.
CREATE TRIGGER api_key_audit_is_final BEFORE UPDATE OR DELETE ON api_key_audit
  FOR EACH ROW WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION refuse_audit_change();
CREATE TRIGGER api_key_audit_is_kept BEFORE TRUNCATE ON api_key_audit
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();
