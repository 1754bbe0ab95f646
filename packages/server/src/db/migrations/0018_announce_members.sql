-- Servers remember what who is signed in may do. Whatever changes that announces it, as changes of who somebody is are.
CREATE FUNCTION announce_member() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('agentclara_people', CASE TG_OP WHEN 'DELETE' THEN OLD.user_id ELSE NEW.user_id END);
  RETURN NULL;
END
$$;
CREATE TRIGGER announce_member AFTER INSERT OR UPDATE OR DELETE ON members
  FOR EACH ROW EXECUTE FUNCTION announce_member();

CREATE FUNCTION announce_workspace() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('agentclara_people', user_id) FROM members WHERE workspace_id = OLD.id;
  RETURN NULL;
END
$$;
CREATE TRIGGER announce_workspace AFTER UPDATE ON workspaces
  FOR EACH ROW EXECUTE FUNCTION announce_workspace();
