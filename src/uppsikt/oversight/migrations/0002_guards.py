"""What the database itself refuses: a round signed without having shown what it covers, and a look that skips."""

from django.db import migrations

from uppsikt.kernel.append_only import Statements, append_only

# A wording of the history before we came is a record, and not news (see models.Watch).
UNSEEN = """
  SELECT count(*) INTO lacking
  FROM records_version v
  JOIN records_item i ON i.id = v.item_id
  JOIN oversight_watch w ON w.channel_id = i.channel_id
  WHERE i.channel_id = NEW.channel_id AND v.id > NEW.after AND v.id <= NEW.through
    AND NOT (v.number = 1 AND v.id <= coalesce(w.history_through, v.id) AND i.at < w.history_from)
    AND NOT EXISTS (SELECT FROM oversight_shown s WHERE s.round_id = NEW.id AND s.version_id = v.id);
"""

ROUND = f"""
CREATE FUNCTION oversight_round_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  lacking bigint;
  seen bigint;
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'a round is never deleted' USING ERRCODE = 'restrict_violation';
  END IF;
  IF TG_OP = 'INSERT' THEN
    IF NEW.state <> 'open' THEN
      RAISE EXCEPTION 'a round begins open' USING ERRCODE = 'restrict_violation';
    END IF;
  ELSE
    IF OLD.state <> 'open' THEN
      RAISE EXCEPTION 'round % has ended' , OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    IF (NEW.channel_id, NEW.by_id, NEW.after, NEW.through, NEW.opened_at)
        IS DISTINCT FROM (OLD.channel_id, OLD.by_id, OLD.after, OLD.through, OLD.opened_at) THEN
      RAISE EXCEPTION 'what round % covers, and who makes it, stays', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
  END IF;
  IF NEW.state = 'signed' THEN
    {UNSEEN}
    IF lacking > 0 THEN
      RAISE EXCEPTION 'round % has not shown % of what it covers', NEW.id, lacking
        USING ERRCODE = 'restrict_violation';
    END IF;
    SELECT max(r.through) INTO seen FROM oversight_round r WHERE r.channel_id = NEW.channel_id AND r.state = 'signed';
    IF seen < NEW.after THEN
      RAISE EXCEPTION 'round % skips what came in after %', NEW.id, seen USING ERRCODE = 'restrict_violation';
    END IF;
  END IF;
  RETURN NEW;
END
$$;
"""

SHOWN = """
CREATE FUNCTION oversight_shown_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT FROM fresh f
    JOIN oversight_round r ON r.id = f.round_id
    JOIN records_version v ON v.id = f.version_id
    JOIN records_item i ON i.id = v.item_id
    WHERE r.state <> 'open' OR v.item_id <> f.item_id OR i.channel_id <> r.channel_id
      OR v.id <= r.after OR v.id > r.through
  ) THEN
    RAISE EXCEPTION 'shown in a round that has ended, or does not cover it' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END
$$;
"""

DUE = """
CREATE FUNCTION oversight_due_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.state = 'met' AND NOT EXISTS (
    SELECT FROM oversight_round r WHERE r.id = NEW.met_by_id AND r.channel_id = NEW.channel_id
      AND r.state = 'signed' AND r.signed_at > NEW.since AND r.signed_at <= NEW.until
  ) THEN
    RAISE EXCEPTION 'expected round % is met by no round signed in time', NEW.id
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END
$$;
"""

TRIGGERS: Statements = [
    "CREATE TRIGGER oversight_round_guard BEFORE INSERT OR UPDATE OR DELETE ON oversight_round"
    " FOR EACH ROW EXECUTE FUNCTION oversight_round_guard()",
    "CREATE TRIGGER oversight_shown_guard AFTER INSERT ON oversight_shown REFERENCING NEW TABLE AS fresh"
    " FOR EACH STATEMENT EXECUTE FUNCTION oversight_shown_guard()",
    "CREATE TRIGGER oversight_due_guard BEFORE INSERT OR UPDATE ON oversight_due"
    " FOR EACH ROW EXECUTE FUNCTION oversight_due_guard()",
]
BACK: Statements = [
    "DROP TRIGGER oversight_due_guard ON oversight_due",
    "DROP TRIGGER oversight_shown_guard ON oversight_shown",
    "DROP TRIGGER oversight_round_guard ON oversight_round",
    "DROP FUNCTION oversight_due_guard()",
    "DROP FUNCTION oversight_shown_guard()",
    "DROP FUNCTION oversight_round_guard()",
]


class Migration(migrations.Migration):
    dependencies = [("oversight", "0001_initial"), ("kernel", "0002_append_only")]
    operations = [
        append_only("oversight_shown"),
        append_only("oversight_deed"),
        append_only("oversight_heightenedcause"),
        append_only("oversight_firstlook"),
        migrations.RunSQL([ROUND, SHOWN, DUE, *TRIGGERS], BACK),
    ]
