"""What moderation tells upstairs. Each fact is a key: channel_id, item_id, removal_id or vanishing_id."""

from uppsikt.kernel.news import Topic

# channel_id, item_id, removal_id: it is decided that the item is hidden or removed. Nothing has happened to it yet.
REMOVED = Topic("moderation.removed")
# channel_id, item_id, removal_id: the network has done it, and reading it back says so; or it was done with another
# tool, and has its ground and proof now.
DONE = Topic("moderation.done")
# channel_id, item_id, removal_id: what was hidden or removed is shown again.
RESTORED = Topic("moderation.restored")
# channel_id, item_id, vanishing_id: an item went away outside the product.
VANISHED = Topic("moderation.vanished")
