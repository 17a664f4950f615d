"""What backups tell upstairs."""

from uppsikt.kernel.news import Topic

# run_id: a backup or a drill went wrong.
WENT_WRONG = Topic("kernel.backup_went_wrong")
# hours: the last good backup is older than it may be (None where there has never been one).
TOO_OLD = Topic("kernel.backup_too_old")
