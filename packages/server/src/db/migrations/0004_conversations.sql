CREATE TABLE conversations (
  id                   text COLLATE "C" PRIMARY KEY,
  environment_id       text COLLATE "C" NOT NULL REFERENCES environments ON DELETE CASCADE,
  contact_id           text COLLATE "C",
  channel              text NOT NULL CHECK (channel IN ('sms', 'email', 'instagram', 'facebook', 'whatsapp', 'voice', 'web')),
  subject              text,
  status               text NOT NULL CHECK (status IN ('open', 'pending', 'snoozed', 'resolved', 'closed')),
  handled_by           text NOT NULL CHECK (handled_by IN ('clara', 'human', 'none')),
  -- Counts up whenever control changes hands; a reply lands only if it is what it was when the reply was begun.
  control_version      integer NOT NULL DEFAULT 0,
  handoff_reason       text,
  handoff_requested_at timestamptz,
  tags                 text[] NOT NULL DEFAULT '{}',
  metadata             jsonb NOT NULL DEFAULT '{}',
  unread               boolean NOT NULL DEFAULT false,
  last_message         text,
  last_activity_at     timestamptz NOT NULL,
  created_at           timestamptz NOT NULL,
  updated_at           timestamptz NOT NULL,
  UNIQUE (environment_id, id),
  FOREIGN KEY (environment_id, contact_id) REFERENCES contacts (environment_id, id) ON DELETE SET NULL (contact_id)
);
CREATE INDEX conversations_by_creation ON conversations (environment_id, id DESC);
CREATE INDEX conversations_by_status ON conversations (environment_id, status, id DESC);
CREATE INDEX conversations_by_update ON conversations (environment_id, updated_at DESC, id DESC);
CREATE INDEX conversations_by_contact ON conversations (contact_id, id DESC);
CREATE INDEX conversations_by_tag ON conversations USING gin (tags);

CREATE TABLE messages (
  id              text COLLATE "C" PRIMARY KEY,
  environment_id  text COLLATE "C" NOT NULL,
  conversation_id text COLLATE "C" NOT NULL,
  sender          text NOT NULL CHECK (sender IN ('customer', 'assistant', 'human')),
  visibility      text NOT NULL CHECK (visibility IN ('public', 'internal')),
  content         text NOT NULL,
  metadata        jsonb NOT NULL DEFAULT '{}',
  citations       jsonb NOT NULL DEFAULT '[]',
  turn_id         text COLLATE "C",
  created_at      timestamptz NOT NULL,
  FOREIGN KEY (environment_id, conversation_id) REFERENCES conversations (environment_id, id) ON DELETE CASCADE
);
CREATE INDEX messages_by_conversation ON messages (conversation_id, id DESC);

-- A turn is Clara's obligation to answer one customer message. It ends as succeeded, handed_off, superseded or
-- failed; one that is still running when its lease runs out is taken up again by any node.
CREATE TABLE turns (
  id               text COLLATE "C" PRIMARY KEY,
  environment_id   text COLLATE "C" NOT NULL,
  conversation_id  text COLLATE "C" NOT NULL,
  message_id       text COLLATE "C" NOT NULL,
  status           text NOT NULL CHECK (status IN ('running', 'succeeded', 'handed_off', 'superseded', 'failed')),
  control_version  integer NOT NULL,
  attempts         smallint NOT NULL,
  lease_expires_at timestamptz NOT NULL,
  created_at       timestamptz NOT NULL,
  finished_at      timestamptz,
  FOREIGN KEY (environment_id, conversation_id) REFERENCES conversations (environment_id, id) ON DELETE CASCADE
);
CREATE INDEX turns_by_conversation ON turns (conversation_id, id DESC);
CREATE INDEX turns_running ON turns (lease_expires_at) WHERE status = 'running';
