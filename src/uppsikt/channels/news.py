"""What channels tell upstairs."""

from uppsikt.kernel.news import Topic

# channel_id, intent_id: an effect is on the network.
SENT = Topic("channels.sent")
# channel_id, intent_id: it is certain that it is not there, or a person must look.
NOT_SENT = Topic("channels.not_sent")
# channel_id: the channel was connected.
CONNECTED = Topic("channels.connected")
# channel_id: the channel is open to the public, and what the policy asks for is there (or was taken over as it was).
OPENED = Topic("channels.opened")
# channel_id: somebody wants it read at once.
READ_NOW = Topic("channels.read_now")
