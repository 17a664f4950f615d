"""What every connector promises: plain Python, one file per network (D1).

A connector turns a network's own answers into `Captured` readings and nothing
else: it stores nothing, knows no Django, and never decides. The caller keeps
the raw answer, the reading and the cursor in one transaction, so a crash at any
moment repeats work instead of losing it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, Protocol

from uppsikt.connectors import words

LONGEST_FACT = 500
_WORDING = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode

JSON = Mapping[str, Any]
Now = Callable[[], datetime]


class Kind(StrEnum):
    """What sort of thing was said."""

    POST = "post"
    PAGE = "page"
    COMMENT = "comment"
    MESSAGE = "message"


class Direction(StrEnum):
    """Received from somebody outside, or drawn up by the authority (TF 2:9, 2:10)."""

    RECEIVED = "received"
    DRAWN_UP = "drawn_up"


class Visibility(StrEnum):
    """How the network shows an item now."""

    VISIBLE = "visible"
    HELD = "held"
    HIDDEN = "hidden"
    GONE = "gone"


class Can(StrEnum):
    """What a network lets us do, declared per item where it differs per item."""

    REPLY = "reply"
    HIDE = "hide"
    REMOVE = "remove"
    APPROVE = "approve"
    POST = "post"


class Deed(StrEnum):
    """What is done to an item, or for REPORT and BLOCK to the network's own people about it.

    SHOW puts back what was hidden or removed; APPROVE shows what the network holds back.
    """

    HIDE = "hide"
    REMOVE = "remove"
    SHOW = "show"
    APPROVE = "approve"
    REPORT = "report"
    BLOCK = "block"


@dataclass(frozen=True, slots=True)
class RawResponse:
    """One answer from a network, kept once, word for word.

    `body` is bytes as received after transfer decoding; `fetched_at` is aware UTC.
    """

    url: str
    status: int
    fetched_at: datetime
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def sha256(self) -> str:
        """Hex digest of the body."""
        return hashlib.sha256(self.body).hexdigest()


@dataclass(frozen=True, slots=True)
class CapturedActor:
    """Who said it, as the network names them. `native_id` may be derived when the network gives none."""

    native_id: str
    name: str
    handle: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class CapturedAttachment:
    """A picture, film or file that belongs to an item."""

    address: str
    media_type: str = ""
    name: str = ""
    alt: str = ""


@dataclass(frozen=True, slots=True)
class Captured:
    """One item as one answer showed it.

    `native_id` is unique on the channel and carries its kind ("comment/17").
    `place` is a JSON pointer into `raw.body`, or an XPath where that is XML; `fingerprint` is the sha256 of what
    a reader would call the wording (text, html, title, attachments, author name),
    so that a counter that ticks makes no new version.
    A time that the network did not give is None, never guessed.
    """

    native_id: str
    kind: Kind
    direction: Direction
    raw: RawResponse
    place: str
    text: str
    author: CapturedActor
    html: str = ""
    title: str = ""
    address: str = ""
    published_at: datetime | None = None
    edited_at: datetime | None = None
    parent_id: str = ""
    thread_id: str = ""
    post_id: str = ""
    visibility: Visibility = Visibility.VISIBLE
    attachments: tuple[CapturedAttachment, ...] = ()
    can: frozenset[Can] = frozenset()
    missing: frozenset[str] = frozenset()
    remarks: tuple[str, ...] = ()
    reading: JSON = field(default_factory=dict)

    @property
    def fingerprint(self) -> str:
        """Hex sha256 of the wording: equal readings make no new version."""
        words = [
            self.title,
            self.text,
            self.html,
            self.author.name,
            [[a.address, a.alt] for a in self.attachments],
        ]
        return hashlib.sha256(_WORDING(words).encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(frozen=True, slots=True)
class BadItem:
    """A part of an answer that could not be read as an item: kept and told, never a reason to stop.

    `place` is as in `Captured`, `why` a short word.
    """

    place: str
    raw: RawResponse
    why: str


@dataclass(frozen=True, slots=True)
class Batch:
    """Some items, and the cursor that is true once they are safe.

    `expected` is the network's own count of what is left to read, or None.
    """

    items: tuple[Captured, ...]
    cursor: JSON
    expected: int | None = None
    bad: tuple[BadItem, ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """What the records already hold of an item, handed to a sweep. `address` is its own page, where it has one."""

    native_id: str
    fingerprint: str = ""
    etag: str = ""
    address: str = ""


class Found(StrEnum):
    """What a re-fetch says of an item.

    HIDDEN: it is there, and the network does not show it to us any more; that is not gone.
    """

    SAME = "same"
    CHANGED = "changed"
    HIDDEN = "hidden"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Refetched:
    """The answer to "is it still there, and does it still say the same?".

    `item` is set when the answer carried the item, `raw` whenever there was an answer.
    """

    native_id: str
    found: Found
    item: Captured | None = None
    raw: RawResponse | None = None
    etag: str = ""


@dataclass(frozen=True, slots=True)
class Profile:
    """The account as the network shows it, and whom our credentials make us."""

    name: str
    address: str
    description: str = ""
    logged_in_as: str = ""
    native_user_id: str = ""
    can: frozenset[Can] = frozenset()
    picture: str = ""
    raw: RawResponse | None = None


@dataclass(frozen=True, slots=True)
class Need:
    """A field that must be filled in before the connector can work, or may be where it is `optional`."""

    name: str
    secret: bool = False
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Recognition:
    """What an address turned out to be: the network, where its API lies, what it needs.

    `others` are what else is there to choose from, by name and address. Where another network would have been the
    natural one and shuts us out, `found["instead_of"]` names it and `found["shut_by"]` is the trouble's code.
    """

    network: str
    name: str
    address: str
    settings: JSON
    needs: tuple[Need, ...] = ()
    found: Mapping[str, str] = field(default_factory=dict)
    others: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Sent:
    """A reply that is on the network; `item` is it read back."""

    native_id: str
    address: str
    item: Captured | None = None


@dataclass(frozen=True, slots=True)
class Acted:
    """A deed that the network has done. `shown` is how it shows the item now; `already`, that it was so before."""

    native_id: str
    shown: Visibility
    already: bool = False


class Bond(StrEnum):
    """What one account does to another's: says a good word for it, or hears what it says (D32, D33)."""

    LIKE = "like"
    FOLLOW = "follow"


@dataclass(frozen=True, slots=True)
class Followed:
    """Somebody's account that ours likes or follows, as the network names it. `address` is http(s)."""

    bond: Bond
    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Follows:
    """What the account likes and follows now.

    Not `whole`: the network has more than could be read, so what is not in `found` may be there all the same.
    """

    found: tuple[Followed, ...]
    whole: bool = True


class Trouble(Exception):
    """A connector's few kinds of failure. `code` picks the words that a person reads.

    Codes, of the way there: bad_address, site_down, timeout, too_slow, too_large, too_many_redirects,
    unsafe_redirect, private_address, certificate, insecure, broken_answer. Of the answer: maintenance,
    moved, not_json, not_feed, broken_feed, unsafe_feed, login_wall, wrong_shape, wrong_password, revoked, wrong_key,
    revoked_key, login_ignored, forbidden, not_found, rate_limited, rejected, read_only, duplicate,
    unknown_outcome, no_bin. Of ourselves: not_recognised, unknown_network, locked, our_fault.
    `facts` are short strings safe to show; never a secret.
    """

    kind: ClassVar[str] = "permanent"

    def __init__(self, code: str, **facts: str) -> None:
        super().__init__(code)
        self.code = code
        # Much of it is a stranger's words, and databases take neither NUL nor half a sign.
        self.facts = {name: words.clean(value, cap=LONGEST_FACT)[0] for name, value in facts.items()}


class Retry(Trouble):
    """Try again later; `after` seconds when the network said."""

    kind = "retry"

    def __init__(self, code: str, *, after: float | None = None, **facts: str) -> None:
        super().__init__(code, **facts)
        self.after = after


class Reconnect(Trouble):
    """The credentials no longer open the door: a person must reconnect."""

    kind = "reconnect"


class Quota(Retry):
    """The network's budget is spent."""

    kind = "quota"


class Gone(Trouble):
    """The account or the item is not there any more."""

    kind = "gone"


class Permanent(Trouble):
    """Trying again changes nothing."""

    kind = "permanent"


class Unknown(Trouble):
    """We sent, and cannot tell whether it took: look before sending again."""

    kind = "unknown"


class Connector(Protocol):
    """One account on one network, with its credentials, over a bounded HTTP client."""

    network: ClassVar[str]
    # Who besides the product can take away what is said there, so that it is gone: "author", "network", "us".
    takers: ClassVar[frozenset[str]]

    def check(self) -> Profile:
        """Read the profile with the credentials. Raises Trouble."""
        ...

    def follows(self) -> Follows | None:
        """What the account likes and follows; None where the network does not tell. Raises Trouble."""
        ...

    def pull(self, cursor: JSON) -> Iterator[Batch]:
        """Yield what is new since the cursor ({} reads from the beginning). Raises Trouble."""
        ...

    def refetch(self, known: Sequence[Known]) -> Iterator[Refetched]:
        """Ask again for items already held: the only way to see edits and deletions. Raises Trouble."""
        ...

    def reply(self, to: str, text: str, key: str) -> Sent:
        """Publish `text` as an answer to the item with that native id.

        `key` is the intent's own key, for networks that take an idempotency key.
        Raises Unknown when the request may have been taken, other Trouble when it was not.
        """
        ...

    def find_sent(self, to: str, text: str, key: str, since: datetime) -> Sent | None:
        """Read the network for a reply of ours that may have been sent. None says: it is not there. Raises Trouble."""
        ...

    def act(self, native_id: str, deed: Deed, key: str, facts: Mapping[str, str]) -> Acted:
        """Do something to the item with that native id; what is so already is left so, and told.

        `facts` for SHOW: "as" is how it was shown before ("visible", "held"). `key` is the intent's own.
        Raises Unknown when it may have been done, other Trouble when it was not.
        """
        ...

    def find_acted(self, native_id: str, deed: Deed, key: str, facts: Mapping[str, str]) -> Acted | None:
        """Read the network for whether a deed that may have been done took. None says: it did not. Raises Trouble."""
        ...
