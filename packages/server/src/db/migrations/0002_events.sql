-- What happened, in order. A writer announces the lowest sequence it may hold before it takes one, by a
-- transaction-level advisory lock whose key carries that number; a reader stops below the lowest announced one.
-- docs/adr says why this, and not a comparison of transaction ids.
CREATE SEQUENCE events_sequence;

CREATE FUNCTION next_event_sequence() RETURNS bigint
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  floor bigint;
BEGIN
  IF coalesce(current_setting('agentclara.event_floor', true), '') = '' THEN
    SELECT CASE WHEN is_called THEN last_value ELSE 0 END INTO floor FROM events_sequence;
    PERFORM pg_advisory_xact_lock_shared((4543::bigint << 48) | floor);
    PERFORM set_config('agentclara.event_floor', floor::text, true);
  END IF;
  RETURN nextval('events_sequence');
END
$$;

-- Every event up to and including this sequence is committed and visible to a later statement, or never will be.
CREATE FUNCTION settled_event_sequence() RETURNS bigint
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  newest bigint;
  announced bigint;
BEGIN
  SELECT CASE WHEN is_called THEN last_value ELSE 0 END INTO newest FROM events_sequence;
  SELECT min((((classid::bigint << 32) | objid::bigint) & ((1::bigint << 48) - 1)))
    INTO announced
    FROM pg_locks
   WHERE locktype = 'advisory' AND objsubid = 1 AND classid::bigint >> 16 = 4543
     AND database = (SELECT oid FROM pg_database WHERE datname = current_database());
  RETURN least(newest, coalesce(announced, newest));
END
$$;

CREATE TABLE events (
  sequence        bigint PRIMARY KEY DEFAULT next_event_sequence(),
  id              text COLLATE "C" NOT NULL UNIQUE,
  environment_id  text COLLATE "C" NOT NULL REFERENCES environments ON DELETE CASCADE,
  type            text NOT NULL,
  conversation_id text COLLATE "C",
  data            json NOT NULL,
  created_at      timestamptz NOT NULL
);
CREATE INDEX events_by_environment ON events (environment_id, sequence);
CREATE INDEX events_by_conversation ON events (environment_id, conversation_id, sequence) WHERE conversation_id IS NOT NULL;
CREATE INDEX events_by_type ON events (environment_id, type, sequence);
