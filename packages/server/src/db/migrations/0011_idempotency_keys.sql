-- Requests with an Idempotency-Key, for a day: written in the transaction of their effect. What they were answered is
-- sealed under a key that comes from the Idempotency-Key itself, which isn't here. Without a foreign key: a share lock
-- on the row of the environment at each write would cost more than rows that outlive their environment by a day.
CREATE TABLE idempotency_keys (
  environment_id text COLLATE "C" NOT NULL,
  id             bytea NOT NULL,
  fingerprint    bytea NOT NULL,
  node_id        text COLLATE "C" NOT NULL,
  created_at     timestamptz NOT NULL,
  outcome        bytea,
  status         smallint,
  content_type   text,
  answer         bytea,
  PRIMARY KEY (environment_id, id),
  CHECK ((answer IS NULL) = (status IS NULL))
);
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);
