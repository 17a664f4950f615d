"""What the organisation tells upstairs."""

from uppsikt.kernel.news import Topic

# person_id, until (ISO 8601): too many wrong passwords.
LOGIN_LOCKED = Topic("login_locked")
# person_id: the password was set or changed.
PASSWORD_SET = Topic("password_set")
# person_id: their account was closed; they have left.
LEFT = Topic("person_left")
# person_id: they were elected to a political post.
ELECTED = Topic("person_elected")
