"""Web feeds: blogs, podcasts and video blogs of any make, by RSS, Atom or JSON Feed (D1, D18). Read, never answered.

What an entry is, by what feeds tell: posts are drawn up by us; comments are received, but for those by the names that
the authority itself comments by. A comment belongs to its post's thread, since few feeds say which comment it answers.

What a feed no longer shows has slid out of its window, not been deleted: each entry's own address is asked then.
"""

from typing import Final

from uppsikt.connectors.feed.connector import FeedReader
from uppsikt.connectors.feed.recognising import recognise

CONNECTOR: Final = FeedReader

__all__ = ["CONNECTOR", "FeedReader", "recognise"]
