-- Endpoints of others that are told of events, and how far each has been told.
CREATE TABLE webhooks (
  id                 text COLLATE "C" PRIMARY KEY,
  environment_id     text COLLATE "C" NOT NULL REFERENCES environments ON DELETE CASCADE,
  url                text NOT NULL,
  description        text,
  -- Who is told when it is disabled.
  notify_email       text,
  -- Names, or * alone.
  events             text[] NOT NULL CHECK (cardinality(events) > 0),
  -- Sealed: what is sent may hold a token of the receiver's.
  headers            bytea,
  max_per_second     integer CHECK (max_per_second BETWEEN 1 AND 1000),
  signature          text NOT NULL CHECK (signature IN ('v1', 'v1a')),
  -- Sealed; while a rotation lasts, with the one before.
  secret             bytea NOT NULL,
  old_secret         bytea,
  old_secret_ends_at timestamptz,
  status             text NOT NULL CHECK (status IN ('enabled', 'paused', 'disabled')),
  disabled_reason    text CHECK (disabled_reason IN ('failing', 'gone')),
  disabled_at        timestamptz,
  created_at         timestamptz NOT NULL,
  updated_at         timestamptz NOT NULL,
  CHECK ((status = 'disabled') = (disabled_at IS NOT NULL)),
  CHECK ((disabled_reason IS NULL) = (disabled_at IS NULL)),
  CHECK ((old_secret IS NULL) = (old_secret_ends_at IS NULL))
);
CREATE INDEX webhooks_by_environment ON webhooks (environment_id, id);

-- What the server that delivers to a webhook writes all the time: apart from the webhook, which people change.
CREATE TABLE webhook_consumers (
  webhook_id           text COLLATE "C" PRIMARY KEY REFERENCES webhooks ON DELETE CASCADE,
  -- Every event up to here that it is told of has a row in deliveries.
  position             bigint NOT NULL,
  -- Which server delivers, and the fencing token: what an earlier owner still writes is refused.
  owner_node           text COLLATE "C",
  epoch                bigint NOT NULL DEFAULT 0,
  -- Since when every attempt fails; null when the latest one succeeded.
  failing_since        timestamptz,
  last_success_at      timestamptz,
  last_failure_at      timestamptz,
  probed_at            timestamptz
) WITH (fillfactor = 50);

-- One event for one webhook, by the day of the event: written with the first attempt, or when it has to wait for others.
-- No foreign keys: days are dropped as they are, and rows of a deleted webhook are taken away by upkeep.
CREATE TABLE deliveries (
  environment_id text COLLATE "C" NOT NULL,
  webhook_id     text COLLATE "C" NOT NULL,
  event_id       text COLLATE "C" NOT NULL,
  sequence       bigint NOT NULL,
  -- Made of the ids of both.
  id             text COLLATE "C" NOT NULL,
  event_type     text NOT NULL,
  -- Within it order is kept; null: on its own.
  lane           text COLLATE "C",
  status         text NOT NULL CHECK (status IN ('pending', 'succeeded', 'failed')),
  attempts       integer NOT NULL,
  -- Attempts of the present round: a redelivery begins a new one.
  round_attempts integer NOT NULL,
  due_at         timestamptz,
  -- Asked for through the API; the owner hasn't taken it up yet.
  is_requested   boolean NOT NULL DEFAULT false,
  -- Of the replay that asked for it.
  recovery_id    text COLLATE "C",
  last_status    integer,
  last_error     text,
  created_at     timestamptz NOT NULL,
  attempted_at   timestamptz,
  PRIMARY KEY (webhook_id, sequence, created_at),
  CHECK ((status = 'pending') = (due_at IS NOT NULL))
) PARTITION BY RANGE (created_at);
CREATE INDEX deliveries_by_id ON deliveries (environment_id, id);
CREATE INDEX deliveries_pending ON deliveries (webhook_id, sequence) WHERE status = 'pending';
CREATE INDEX deliveries_requested ON deliveries (webhook_id) WHERE is_requested;

-- Each try, by the day it was made.
CREATE TABLE delivery_attempts (
  environment_id   text COLLATE "C" NOT NULL,
  webhook_id       text COLLATE "C" NOT NULL,
  delivery_id      text COLLATE "C" NOT NULL,
  number           integer NOT NULL,
  cause            text NOT NULL,
  url              text NOT NULL,
  started_at       timestamptz NOT NULL,
  duration_ms      real NOT NULL,
  status           integer,
  -- Why there was no answer.
  error            text,
  address          text,
  response_headers json,
  response_body    text,
  is_response_cut  boolean NOT NULL,
  PRIMARY KEY (delivery_id, number, started_at)
) PARTITION BY RANGE (started_at);

-- Bulk replays.
CREATE TABLE webhook_recoveries (
  id             text COLLATE "C" PRIMARY KEY,
  environment_id text COLLATE "C" NOT NULL,
  webhook_id     text COLLATE "C" NOT NULL REFERENCES webhooks ON DELETE CASCADE,
  since          timestamptz NOT NULL,
  until          timestamptz NOT NULL,
  wanted         text NOT NULL CHECK (wanted IN ('failed', 'missing', 'all')),
  status         text NOT NULL CHECK (status IN ('running', 'completed', 'cancelled')),
  -- Events up to here were looked at.
  position       bigint NOT NULL,
  last_sequence  bigint NOT NULL,
  total          bigint NOT NULL,
  queued         bigint NOT NULL DEFAULT 0,
  created_at     timestamptz NOT NULL,
  completed_at   timestamptz
);
CREATE INDEX webhook_recoveries_by_webhook ON webhook_recoveries (webhook_id, id DESC);
