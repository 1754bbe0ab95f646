-- The servers that share this database. One that stops saying that it lives is not waited for.
CREATE TABLE nodes (
  id           text COLLATE "C" PRIMARY KEY,
  started_at   timestamptz NOT NULL,
  heartbeat_at timestamptz NOT NULL
);
