"""No account goes live unseen: the database asks for its clearance, or for the word that it was live before (D9-D16).

The release before inserts channels that are live at once. From the moment of this migration that is refused: nobody
connects a channel during an upgrade, and everything else of the old release goes on.
"""

from django.db import migrations

from uppsikt.kernel.append_only import Statements, append_only

CHANNEL = """
CREATE FUNCTION register_guard_channel() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'opening' THEN
      RAISE EXCEPTION 'a channel comes in as opening, not as %', NEW.state USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF OLD.state = 'closed' OR NEW.state = 'opening' THEN
    RAISE EXCEPTION 'channel % does not go from % to %', OLD.id, OLD.state, NEW.state
      USING ERRCODE = 'restrict_violation';
  END IF;
  IF OLD.state = 'opening' AND NEW.state <> 'closed' AND (
    NEW.state <> 'live'
    OR NOT EXISTS (SELECT 1 FROM register_clearance c WHERE c.channel_id = NEW.id)
       AND NOT EXISTS (SELECT 1 FROM channels_takeover t WHERE t.channel_id = NEW.id)
  ) THEN
    RAISE EXCEPTION 'channel % is refused to go live: the register has not cleared it', NEW.id
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END
$$;
"""

# What is opened here was not live before: an account that has an order goes through its opening.
TAKE_OVER = """
CREATE FUNCTION register_guard_takeover() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM register_opening o WHERE o.channel_id = NEW.channel_id) THEN
    RAISE EXCEPTION 'channel % has an order and is not taken over', NEW.channel_id
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END
$$;
"""

# A clearance rests on an approved order of that very account.
CLEARANCE = """
CREATE FUNCTION register_guard_clearance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
    SELECT 1 FROM register_opening o JOIN register_order d ON d.id = o.order_id
    WHERE o.id = NEW.opening_id AND o.channel_id = NEW.channel_id AND o.state = 'preparing' AND d.state = 'approved'
  ) THEN
    RAISE EXCEPTION 'channel % is not cleared: its order is not approved', NEW.channel_id
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END
$$;
"""

TRIGGERS: Statements = [
    "CREATE TRIGGER register_channel_guard_new BEFORE INSERT ON channels_channel"
    " FOR EACH ROW EXECUTE FUNCTION register_guard_channel()",
    "CREATE TRIGGER register_channel_guard BEFORE UPDATE OF state ON channels_channel"
    " FOR EACH ROW WHEN (NEW.state IS DISTINCT FROM OLD.state) EXECUTE FUNCTION register_guard_channel()",
    "CREATE TRIGGER register_takeover_guard BEFORE INSERT ON channels_takeover"
    " FOR EACH ROW EXECUTE FUNCTION register_guard_takeover()",
    "CREATE TRIGGER register_clearance_guard BEFORE INSERT ON register_clearance"
    " FOR EACH ROW EXECUTE FUNCTION register_guard_clearance()",
    # They fire in replica mode too, so that session_replication_role is no way around.
    "ALTER TABLE channels_channel ENABLE ALWAYS TRIGGER register_channel_guard_new",
    "ALTER TABLE channels_channel ENABLE ALWAYS TRIGGER register_channel_guard",
    "ALTER TABLE channels_takeover ENABLE ALWAYS TRIGGER register_takeover_guard",
    "ALTER TABLE register_clearance ENABLE ALWAYS TRIGGER register_clearance_guard",
]
BACK: Statements = [
    "DROP TRIGGER register_clearance_guard ON register_clearance",
    "DROP TRIGGER register_takeover_guard ON channels_takeover",
    "DROP TRIGGER register_channel_guard ON channels_channel",
    "DROP TRIGGER register_channel_guard_new ON channels_channel",
    "DROP FUNCTION register_guard_clearance()",
    "DROP FUNCTION register_guard_takeover()",
    "DROP FUNCTION register_guard_channel()",
]


class Migration(migrations.Migration):
    dependencies = [("register", "0004_orders"), ("channels", "0003_opening"), ("kernel", "0002_append_only")]
    operations = [
        append_only("register_clearance"),
        migrations.RunSQL([CHANNEL, TAKE_OVER, CLEARANCE, *TRIGGERS], BACK),
    ]
