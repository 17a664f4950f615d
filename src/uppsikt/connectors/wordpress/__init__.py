"""WordPress sites, over their REST API with an application password, or without one as far as that reaches (D1).

What WordPress makes of a comment and we of that: approved is visible, hold is held, spam is
hidden ("spam"), trash is gone ("trashed", and it can come back), absent by number is gone.
Posts and pages are drawn up by us; so are comments by the account itself and by other users
who write for the site. A registered reader who comments is a stranger ("site_user").

A top-level comment begins a thread, which its replies to any depth join; a post is a
thread of its own. Trackbacks and kinds of posts that a plugin adds are not read.
"""

from typing import Final

from uppsikt.connectors.wordpress.connector import WordPress
from uppsikt.connectors.wordpress.recognising import recognise

CONNECTOR: Final = WordPress

__all__ = ["CONNECTOR", "WordPress", "recognise"]
