-- Requests that a signed-in member made have no key: they name the member instead.
ALTER TABLE request_logs ALTER COLUMN api_key_id DROP NOT NULL;
ALTER TABLE request_logs ADD COLUMN member_id text COLLATE "C";
-- As it was then: a log outlives the member.
ALTER TABLE request_logs ADD COLUMN member_name text;
