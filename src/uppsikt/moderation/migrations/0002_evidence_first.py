"""Evidence first: the database refuses what would act on an item without kept proof of that very item and wording."""

from django.db import migrations

from uppsikt.kernel.append_only import Statements, append_only

# Kept evidence of one wording of one item, with files.
KEPT = """
CREATE FUNCTION moderation_is_kept(proof bigint, of_item bigint, of_version bigint) RETURNS boolean
LANGUAGE sql STABLE AS $$
  SELECT EXISTS (
    SELECT 1 FROM moderation_evidence e JOIN records_version v ON v.id = e.version_id
    WHERE e.id = proof AND e.state = 'kept' AND e.item_id = of_item AND e.version_id = of_version
      AND v.item_id = of_item AND EXISTS (SELECT 1 FROM moderation_evidencefile f WHERE f.evidence_id = e.id)
  )
$$;
"""

# What is kept stays as it is; it is kept only once it has files.
EVIDENCE = """
CREATE FUNCTION moderation_guard_evidence() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'TRUNCATE' THEN
    IF current_database() LIKE 'test\\_%' THEN RETURN NULL; END IF;
    RAISE EXCEPTION 'TRUNCATE is refused: evidence is kept' USING ERRCODE = 'restrict_violation';
  END IF;
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'DELETE is refused: evidence % stays', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  IF TG_OP = 'UPDATE' AND OLD.state = 'kept' AND NEW IS DISTINCT FROM OLD THEN
    RAISE EXCEPTION 'UPDATE is refused: evidence % is kept as it is', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  IF TG_OP = 'UPDATE' AND (NEW.item_id, NEW.version_id) IS DISTINCT FROM (OLD.item_id, OLD.version_id) THEN
    RAISE EXCEPTION 'evidence % is of another wording', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.state = 'kept' AND (
    NOT EXISTS (SELECT 1 FROM moderation_evidencefile f WHERE f.evidence_id = NEW.id)
    OR NOT EXISTS (SELECT 1 FROM records_version v WHERE v.id = NEW.version_id AND v.item_id = NEW.item_id)
  ) THEN
    RAISE EXCEPTION 'evidence % holds nothing of that wording', NEW.id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END
$$;
"""

REMOVAL = """
CREATE FUNCTION moderation_guard_removal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND (NEW.item_id, NEW.act) IS DISTINCT FROM (OLD.item_id, OLD.act) THEN
    RAISE EXCEPTION 'removal % is of another item', OLD.id USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.state IN ('acting', 'done', 'restoring', 'restored')
     AND (NEW.evidence_id IS NULL OR NOT moderation_is_kept(NEW.evidence_id, NEW.item_id, NEW.version_id)) THEN
    RAISE EXCEPTION 'removal % is refused: no evidence is kept of what it removes', NEW.id
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END
$$;
"""

# The effect itself: an intent names the removal that it carries out, by `payload.removal`.
INTENT = """
CREATE FUNCTION moderation_guard_intent() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (
    SELECT 1 FROM moderation_removal r JOIN records_item i ON i.id = r.item_id
    WHERE r.id::text = NEW.payload ->> 'removal' AND r.act = NEW.kind
      AND i.native_id = NEW.payload ->> 'to' AND NEW.target = 'channel:' || i.channel_id
      AND r.decided_at IS NOT NULL AND r.evidence_id IS NOT NULL
      AND moderation_is_kept(r.evidence_id, r.item_id, r.version_id)
      AND (TG_OP = 'UPDATE' OR i.version_id = r.version_id)
  ) THEN
    RAISE EXCEPTION 'an intent to % is refused: no evidence is kept of what it is for', NEW.kind
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END
$$;
"""

TRIGGERS: Statements = [
    "CREATE TRIGGER moderation_evidence_guard BEFORE INSERT OR UPDATE OR DELETE ON moderation_evidence"
    " FOR EACH ROW EXECUTE FUNCTION moderation_guard_evidence()",
    "CREATE TRIGGER moderation_evidence_whole BEFORE TRUNCATE ON moderation_evidence"
    " FOR EACH STATEMENT EXECUTE FUNCTION moderation_guard_evidence()",
    "CREATE TRIGGER moderation_removal_guard BEFORE INSERT OR UPDATE ON moderation_removal"
    " FOR EACH ROW EXECUTE FUNCTION moderation_guard_removal()",
    "CREATE TRIGGER moderation_intent_guard BEFORE INSERT OR UPDATE ON kernel_intent"
    " FOR EACH ROW WHEN (NEW.kind IN ('hide', 'remove')) EXECUTE FUNCTION moderation_guard_intent()",
    # They fire in replica mode too, so that session_replication_role is no way around.
    "ALTER TABLE moderation_evidence ENABLE ALWAYS TRIGGER moderation_evidence_guard",
    "ALTER TABLE moderation_evidence ENABLE ALWAYS TRIGGER moderation_evidence_whole",
    "ALTER TABLE moderation_removal ENABLE ALWAYS TRIGGER moderation_removal_guard",
    "ALTER TABLE kernel_intent ENABLE ALWAYS TRIGGER moderation_intent_guard",
]
BACK: Statements = [
    "DROP TRIGGER moderation_intent_guard ON kernel_intent",
    "DROP TRIGGER moderation_removal_guard ON moderation_removal",
    "DROP TRIGGER moderation_evidence_whole ON moderation_evidence",
    "DROP TRIGGER moderation_evidence_guard ON moderation_evidence",
    "DROP FUNCTION moderation_guard_intent()",
    "DROP FUNCTION moderation_guard_removal()",
    "DROP FUNCTION moderation_guard_evidence()",
    "DROP FUNCTION moderation_is_kept(bigint, bigint, bigint)",
]


class Migration(migrations.Migration):
    dependencies = [("moderation", "0001_initial"), ("kernel", "0002_append_only")]
    operations = [
        append_only("moderation_evidencefile"),
        migrations.RunSQL([KEPT, EVIDENCE, REMOVAL, INTENT, *TRIGGERS], BACK),
    ]
