CREATE TABLE knowledge_sources (
  id                  text COLLATE "C" PRIMARY KEY,
  environment_id      text COLLATE "C" NOT NULL REFERENCES environments ON DELETE CASCADE,
  type                text NOT NULL CHECK (type IN ('text', 'markdown', 'faq')),
  title               text NOT NULL,
  content             text NOT NULL,
  -- In UTF-16 units, as quotes count them.
  content_length      integer NOT NULL,
  -- Of title, content, url and alternate questions: what counts against the environment's limit.
  characters          integer NOT NULL,
  url                 text,
  alternate_questions text[] NOT NULL DEFAULT '{}',
  created_at          timestamptz NOT NULL,
  updated_at          timestamptz NOT NULL
);
CREATE INDEX knowledge_sources_by_environment ON knowledge_sources (environment_id, id DESC);

-- Counts up with every change to an environment's sources, in the same transaction: an index in memory that was
-- built for another version is stale.
CREATE TABLE knowledge_versions (
  environment_id text COLLATE "C" PRIMARY KEY REFERENCES environments ON DELETE CASCADE,
  version        bigint NOT NULL
);
