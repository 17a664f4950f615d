"""Rounds of accounts that are not read here: looked at on their own page, on the word of whoever signs (D25)."""

from django.db import migrations, models

WHAT = (
    "answered",
    "forwarded",
    "hidden",
    "removed",
    "restored",
    "reported",
    "registered",
    "judged",
    "remarked",
    "typed_in",
)

# As migration 0002 made it.
UNSEEN = """
  SELECT count(*) INTO lacking
  FROM records_version v
  JOIN records_item i ON i.id = v.item_id
  JOIN oversight_watch w ON w.channel_id = i.channel_id
  WHERE i.channel_id = NEW.channel_id AND v.id > NEW.after AND v.id <= NEW.through
    AND NOT (v.number = 1 AND v.id <= coalesce(w.history_through, v.id) AND i.at < w.history_from)
    AND NOT EXISTS (SELECT FROM oversight_shown s WHERE s.round_id = NEW.id AND s.version_id = v.id);
"""

# What is read here is looked at here, and only what is not can be looked at elsewhere.
RIGHTLY = """
    IF NEW.outside IS DISTINCT FROM (SELECT c.connected_at IS NULL FROM channels_channel c WHERE c.id = NEW.channel_id)
    THEN
      RAISE EXCEPTION 'a round is made on the network of an account that is not read here, and of no other'
        USING ERRCODE = 'restrict_violation';
    END IF;
"""
STAYS = """
    IF NEW.outside <> OLD.outside THEN
      RAISE EXCEPTION 'where round % is made stays', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
"""


def guard(*, rightly: str, stays: str) -> str:
    """The round's guard, with what it asks of where a round is made."""
    return f"""
CREATE OR REPLACE FUNCTION oversight_round_guard() RETURNS trigger LANGUAGE plpgsql AS $$
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
    {rightly}
  ELSE
    IF OLD.state <> 'open' THEN
      RAISE EXCEPTION 'round % has ended' , OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    IF (NEW.channel_id, NEW.by_id, NEW.after, NEW.through, NEW.opened_at)
        IS DISTINCT FROM (OLD.channel_id, OLD.by_id, OLD.after, OLD.through, OLD.opened_at) THEN
      RAISE EXCEPTION 'what round % covers, and who makes it, stays', OLD.id USING ERRCODE = 'restrict_violation';
    END IF;
    {stays}
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


class Migration(migrations.Migration):
    dependencies = [("oversight", "0003_calendar_link"), ("channels", "0003_opening")]
    operations = [
        migrations.AddField("watch", "outside", models.BooleanField(default=False, db_default=False)),
        migrations.AddField("round", "outside", models.BooleanField(default=False, db_default=False)),
        migrations.AddField("round", "looked_at", models.DateTimeField(null=True)),
        migrations.AlterField(
            "deed",
            "what",
            models.CharField(max_length=12, choices=[(each, each) for each in WHAT]),
        ),
        migrations.AddConstraint(
            "round",
            models.CheckConstraint(
                condition=~models.Q(state="signed", outside=True)
                | models.Q(looked_at__isnull=False),
                name="round_outside_looked",
            ),
        ),
        migrations.RunSQL([guard(rightly=RIGHTLY, stays=STAYS)], [guard(rightly="", stays="")]),
    ]
