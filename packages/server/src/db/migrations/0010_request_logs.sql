-- Requests by known keys and tokens, a partition for each UTC day: a day is dropped whole, at no cost for what stays.
-- No foreign keys: they would be looked up for every row, and hold the rows of keys; a log outlives what it tells of, and
-- goes with its day.
CREATE TABLE request_logs (
  -- The request's own id, which carries its time.
  id                    text COLLATE "C" NOT NULL,
  environment_id        text COLLATE "C" NOT NULL,
  -- When it was counted: usage and logs agree by it.
  created_at            timestamptz NOT NULL,
  method                text NOT NULL,
  endpoint              text NOT NULL,
  path                  text NOT NULL,
  status                smallint NOT NULL,
  -- Of a failure.
  code                  text,
  duration_ms           double precision NOT NULL,
  api_key_id            text COLLATE "C" NOT NULL,
  client_token_id       text COLLATE "C",
  -- Of the key's secret; null for client tokens.
  secret_last_four      text,
  address               text NOT NULL,
  user_agent            text NOT NULL,
  idempotency_key       text,
  is_replay             boolean NOT NULL,
  headers               json NOT NULL,
  -- Bodies with secrets masked, cut. Null with a size: left out.
  request_body          text,
  request_body_bytes    integer,
  is_request_body_cut   boolean NOT NULL,
  response_body         text,
  response_body_bytes   integer,
  is_response_body_cut  boolean NOT NULL,
  PRIMARY KEY (environment_id, id, created_at)
) PARTITION BY RANGE (created_at);
-- In the order of lists. It begins with the time, so that a list reads the newest day, and others only if that isn't enough.
CREATE INDEX request_logs_by_time ON request_logs (environment_id, created_at, id);
CREATE INDEX request_logs_by_key ON request_logs (environment_id, api_key_id, created_at, id);
CREATE INDEX request_logs_of_failures ON request_logs (environment_id, created_at, id) WHERE status >= 400;

-- Makes the partition of a UTC day, of any table that has such, if there is none: PARENT_20261124. Attaching takes a weaker lock than creating it as a partition: readers go on.
CREATE FUNCTION make_day(parent text, day date) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  partition text := parent || '_' || to_char(day, 'YYYYMMDD');
BEGIN
  -- Before the first look: a name that wasn't there is remembered as such.
  PERFORM pg_advisory_xact_lock(4545, hashtext(parent));
  IF to_regclass(partition) IS NOT NULL THEN
    RETURN;
  END IF;
  EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING ALL)', partition, parent);
  EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
                 parent, partition, to_char(day, 'YYYY-MM-DD 00:00:00+00'), to_char(day + 1, 'YYYY-MM-DD 00:00:00+00'));
END
$$;

-- Usage of all keys of an environment.
CREATE INDEX api_key_usage_by_environment ON api_key_usage (environment_id, hour);
