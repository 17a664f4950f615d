"""What the seals tell upstairs."""

from uppsikt.kernel.news import Topic

# verification_id: something that was sealed is not as it was, and the verification before did not say the same.
WRONG = Topic("kernel.seals_wrong")
# number, code: a day's head could not be time-stamped, and it has lasted.
STAMP_TROUBLE = Topic("kernel.stamp_trouble")
# minutes: steps have waited so long for their seal.
STALE = Topic("kernel.seals_stale")
