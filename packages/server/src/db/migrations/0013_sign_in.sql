-- Who somebody is, and that it is them: accounts, their secrets, their sessions. Better Auth reads and writes these tables,
-- under the names that identity.ts gives it; what people may do is in members.
CREATE SCHEMA auth;

CREATE TABLE auth.users (
  id                 text COLLATE "C" PRIMARY KEY,
  name               text NOT NULL,
  -- In lower case.
  email              text NOT NULL UNIQUE,
  -- Somebody showed that they read the mail of this address, or was asked in by it.
  email_verified     boolean NOT NULL DEFAULT false,
  image              text,
  two_factor_enabled boolean DEFAULT false,
  created_at         timestamptz NOT NULL DEFAULT now(),
  updated_at         timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE auth.sessions (
  id             text COLLATE "C" PRIMARY KEY,
  user_id        text COLLATE "C" NOT NULL REFERENCES auth.users ON DELETE CASCADE,
  token          text COLLATE "C" NOT NULL UNIQUE,
  expires_at     timestamptz NOT NULL,
  ip_address     text,
  user_agent     text,
  created_at     timestamptz NOT NULL DEFAULT now(),
  -- When its cookie was set.
  updated_at     timestamptz NOT NULL DEFAULT now(),
  -- Written once a minute at most.
  last_active_at timestamptz NOT NULL DEFAULT now(),
  -- A session is made by proving who one is; see proof-age.ts for when that is asked for again.
  proved_at      timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX sessions_by_user ON auth.sessions (user_id, id DESC);
CREATE INDEX sessions_by_end ON auth.sessions (expires_at);

-- Ways to prove who one is; a password is one.
CREATE TABLE auth.accounts (
  id                       text COLLATE "C" PRIMARY KEY,
  user_id                  text COLLATE "C" NOT NULL REFERENCES auth.users ON DELETE CASCADE,
  account_id               text NOT NULL,
  provider_id              text NOT NULL,
  access_token             text,
  refresh_token            text,
  id_token                 text,
  access_token_expires_at  timestamptz,
  refresh_token_expires_at timestamptz,
  scope                    text,
  -- scrypt.
  password                 text,
  created_at               timestamptz NOT NULL DEFAULT now(),
  updated_at               timestamptz NOT NULL DEFAULT now(),
  UNIQUE (provider_id, account_id)
);
CREATE INDEX accounts_by_user ON auth.accounts (user_id);

-- What holds for a while and is used once: links that reset passwords, challenges, devices that need no code.
CREATE TABLE auth.verifications (
  id         text COLLATE "C" PRIMARY KEY,
  identifier text COLLATE "C" NOT NULL,
  value      text NOT NULL,
  expires_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX verifications_by_identifier ON auth.verifications (identifier);
CREATE INDEX verifications_by_end ON auth.verifications (expires_at);

CREATE TABLE auth.two_factors (
  id                        text COLLATE "C" PRIMARY KEY,
  user_id                   text COLLATE "C" NOT NULL UNIQUE REFERENCES auth.users ON DELETE CASCADE,
  -- Both encrypted under a key of the installation secret.
  secret                    text NOT NULL,
  backup_codes              text NOT NULL,
  verified                  boolean DEFAULT true,
  failed_verification_count integer DEFAULT 0,
  locked_until              timestamptz
);

-- Codes of the second factor that were used: one that somebody watched being typed works for nobody else.
CREATE TABLE auth.used_codes (
  user_id   text COLLATE "C" NOT NULL REFERENCES auth.users ON DELETE CASCADE,
  code_hash bytea NOT NULL,
  used_at   timestamptz NOT NULL,
  PRIMARY KEY (user_id, code_hash)
);

CREATE TABLE auth.passkeys (
  id            text COLLATE "C" PRIMARY KEY,
  user_id       text COLLATE "C" NOT NULL REFERENCES auth.users ON DELETE CASCADE,
  name          text,
  public_key    text NOT NULL,
  credential_id text COLLATE "C" NOT NULL UNIQUE,
  counter       bigint NOT NULL,
  device_type   text NOT NULL,
  backed_up     boolean NOT NULL,
  transports    text,
  aaguid        text,
  created_at    timestamptz DEFAULT now()
);
CREATE INDEX passkeys_by_user ON auth.passkeys (user_id);

-- Servers remember who is signed in. They hear of it when that changes, whoever changes it: the payload is the user's id.
CREATE FUNCTION auth.announce_user() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF TG_TABLE_NAME = 'users' THEN
    PERFORM pg_notify('agentclara_people', OLD.id);
  ELSE
    PERFORM pg_notify('agentclara_people', OLD.user_id);
  END IF;
  RETURN NULL;
END
$$;
CREATE TRIGGER announce_user AFTER UPDATE OR DELETE ON auth.users
  FOR EACH ROW EXECUTE FUNCTION auth.announce_user();
-- Not for what is written of every session each minute.
CREATE TRIGGER announce_session AFTER DELETE OR UPDATE OF user_id, token, proved_at ON auth.sessions
  FOR EACH ROW EXECUTE FUNCTION auth.announce_user();
