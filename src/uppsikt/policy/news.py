"""What the policy tells upstairs."""

from uppsikt.kernel.news import Topic

# edition_id: the guideline has a new edition, which is to be acknowledged.
EDITION = Topic("policy.edition")
