-- A contact is a customer. An address (e-mail or phone) belongs to one contact of an environment, so that a
-- conversation finds its contact without a doubt, also when two requests bring the same new customer at once.
CREATE TABLE contacts (
  id             text COLLATE "C" PRIMARY KEY,
  environment_id text COLLATE "C" NOT NULL REFERENCES environments ON DELETE CASCADE,
  name           text NOT NULL,
  -- What names are sorted and searched by, whatever the locale of the database is.
  name_key       text COLLATE "und-x-icu" NOT NULL
                 GENERATED ALWAYS AS (lower(normalize(name, NFC) COLLATE "und-x-icu")) STORED,
  tags           text[] NOT NULL DEFAULT '{}',
  custom_fields  jsonb NOT NULL DEFAULT '{}',
  created_at     timestamptz NOT NULL,
  updated_at     timestamptz NOT NULL,
  UNIQUE (environment_id, id)
);
CREATE INDEX contacts_by_creation ON contacts (environment_id, created_at DESC, id DESC);
CREATE INDEX contacts_by_update ON contacts (environment_id, updated_at DESC, id DESC);
CREATE INDEX contacts_by_name ON contacts (environment_id, name_key, id);
CREATE INDEX contacts_by_tag ON contacts USING gin (tags);

CREATE TABLE contact_addresses (
  environment_id text COLLATE "C" NOT NULL,
  kind           text NOT NULL CHECK (kind IN ('email', 'phone')),
  value          text COLLATE "C" NOT NULL,
  contact_id     text COLLATE "C" NOT NULL,
  position       smallint NOT NULL,
  PRIMARY KEY (environment_id, kind, value),
  UNIQUE (contact_id, kind, position) DEFERRABLE INITIALLY DEFERRED,
  FOREIGN KEY (environment_id, contact_id) REFERENCES contacts (environment_id, id) ON DELETE CASCADE
);
