"""What records tell upstairs."""

from uppsikt.kernel.news import Topic

# channel_id, item_ids (at most a batch), first: whether the channel's history is still being read.
TAKEN_IN = Topic("records.taken_in")
# channel_id, item_ids: a new wording, or the network shows them otherwise than before.
CHANGED = Topic("records.changed")
