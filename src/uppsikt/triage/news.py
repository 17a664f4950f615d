"""What triage tells upstairs."""

from uppsikt.kernel.news import Topic

# channel_id, item_id, finding_ids: something that somebody should see at once. Told once for an item.
URGENT = Topic("triage.urgent")
