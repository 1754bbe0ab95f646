-- Who works in a workspace, and as what. Who somebody is, is in the schema of sign-in: user_id is an id of it.
CREATE TABLE members (
  id           text COLLATE "C" PRIMARY KEY,
  workspace_id text COLLATE "C" NOT NULL REFERENCES workspaces ON DELETE CASCADE,
  user_id      text COLLATE "C" NOT NULL,
  role         text NOT NULL CHECK (role IN ('owner', 'admin', 'agent', 'viewer')),
  joined_at    timestamptz NOT NULL,
  UNIQUE (workspace_id, user_id)
);
CREATE INDEX members_by_user ON members (user_id, id);

-- Who was asked to join. Of the token in the link only a hash is kept. One that is taken back is deleted; one that was
-- accepted stays, so that who accepted it and didn't hear the answer may ask again.
CREATE TABLE invitations (
  id              text COLLATE "C" PRIMARY KEY,
  workspace_id    text COLLATE "C" NOT NULL REFERENCES workspaces ON DELETE CASCADE,
  -- In lower case.
  email           text NOT NULL CHECK (length(email) BETWEEN 3 AND 254),
  role            text NOT NULL CHECK (role IN ('owner', 'admin', 'agent', 'viewer')),
  token_hash      bytea NOT NULL UNIQUE CHECK (length(token_hash) = 32),
  -- An invitation holds no longer than its inviter may give the role: the member's row, or the key's, says so.
  inviter_type    text NOT NULL CHECK (inviter_type IN ('member', 'api_key')),
  inviter_id      text COLLATE "C" NOT NULL,
  inviter_name    text NOT NULL,
  created_at      timestamptz NOT NULL,
  expires_at      timestamptz NOT NULL,
  accepted_at     timestamptz,
  -- The user who did.
  accepted_by     text COLLATE "C",
  CHECK ((accepted_at IS NULL) = (accepted_by IS NULL))
);
CREATE UNIQUE INDEX invitations_open ON invitations (workspace_id, email) WHERE accepted_at IS NULL;
CREATE INDEX invitations_by_workspace ON invitations (workspace_id, id DESC);

-- A workspace that is deleted is gone for everybody at once; its rows go after it, a few at a time.
ALTER TABLE workspaces ADD deleted_at timestamptz;
CREATE INDEX workspaces_deleted ON workspaces (deleted_at) WHERE deleted_at IS NOT NULL;
