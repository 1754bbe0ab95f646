-- What Home reads: the conversations of a range, and those that wait for a person.
CREATE INDEX conversations_by_begin ON conversations (environment_id, created_at DESC);
CREATE INDEX conversations_for_people ON conversations (environment_id) WHERE handled_by = 'human' AND status = 'open';
