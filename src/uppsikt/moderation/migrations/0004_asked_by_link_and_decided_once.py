"""By which link a removal was asked to be tried again; and one removal on a disposal decision made for one."""

from django.conf import settings
from django.db import migrations, models

from uppsikt.kernel.append_only import Statements

# Of two that choose the same at once the second waits for the first; a correction of the decision keeps its number.
DECISION = """
CREATE FUNCTION moderation_guard_decision() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  own record;
BEGIN
  SELECT d.policy_id, d.number INTO own FROM policy_disposaldecision d WHERE d.id = NEW.decision_id AND NOT d.standing;
  IF NOT FOUND THEN RETURN NEW; END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended(own.policy_id || ':' || own.number, 0));
  IF EXISTS (
    SELECT 1 FROM moderation_removal r JOIN policy_disposaldecision d ON d.id = r.decision_id
    WHERE d.policy_id = own.policy_id AND d.number = own.number AND r.id <> NEW.id
      AND r.state NOT IN ('rejected', 'withdrawn')
  ) THEN
    RAISE EXCEPTION 'removal % is refused: another one rests on the decision %, which was made for one',
      NEW.id, own.number USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END
$$;
"""
TRIGGERS: Statements = [
    "CREATE TRIGGER moderation_decision_guard BEFORE INSERT OR UPDATE OF decision_id, state ON moderation_removal"
    " FOR EACH ROW WHEN (NEW.decision_id IS NOT NULL AND NEW.state NOT IN ('rejected', 'withdrawn'))"
    " EXECUTE FUNCTION moderation_guard_decision()",
    "ALTER TABLE moderation_removal ENABLE ALWAYS TRIGGER moderation_decision_guard",
]
BACK: Statements = [
    "DROP TRIGGER moderation_decision_guard ON moderation_removal",
    "DROP FUNCTION moderation_guard_decision()",
]


class Migration(migrations.Migration):
    dependencies = [
        ("moderation", "0003_around_a_removal"),
        ("policy", "0006_ground_disposaldecision"),
        ("records", "0011_years_together"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="reconsideration",
            name="digest",
            field=models.CharField(blank=True, db_default="", default="", max_length=64),
        ),
        migrations.AddField(
            model_name="reconsideration",
            name="way",
            field=models.CharField(blank=True, db_default="", default="", max_length=8),
        ),
        migrations.AddConstraint(
            model_name="reconsideration",
            constraint=models.UniqueConstraint(
                condition=models.Q(("digest", ""), _negated=True),
                fields=("digest",),
                name="reconsideration_by_link",
            ),
        ),
        migrations.RunSQL([DECISION, *TRIGGERS], BACK),
    ]
