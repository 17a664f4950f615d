"""Questions that came to somebody's private account and were handed over by hand (D60).

No network stands behind it: what is here was typed in, is never read again, and is answered by hand where it was asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import ClassVar, Final

from uppsikt.connectors.base import JSON, Acted, Batch, Deed, Found, Known, Now, Permanent, Profile, Refetched, Sent
from uppsikt.net import Client


class HandedOver:
    """The connector of a channel that is filled by people here."""

    network: ClassVar[str] = "handed_over"
    takers: ClassVar[frozenset[str]] = frozenset()

    def __init__(self, client: Client, settings: Mapping[str, object], secrets: Mapping[str, str], now: Now) -> None:
        del client, secrets, now
        self.settings = settings

    def check(self) -> Profile:
        """There is nobody to ask, and nothing to be wrong with."""
        return Profile(name=str(self.settings.get("name", "")), address=str(self.settings.get("address", "")))

    def follows(self) -> None:
        """There is no account that could like or follow anybody."""

    def pull(self, cursor: JSON) -> Iterator[Batch]:
        """Nothing comes by itself."""
        yield Batch(items=(), cursor=cursor)

    def refetch(self, known: Sequence[Known]) -> Iterator[Refetched]:
        """What was typed in stays as it was typed in."""
        for one in known:
            yield Refetched(one.native_id, Found.SAME)

    def reply(self, to: str, text: str, key: str) -> Sent:
        """Nobody can be answered from here. Raises Permanent."""
        del to, text, key
        raise Permanent("rejected")

    def find_sent(self, to: str, text: str, key: str, since: datetime) -> Sent | None:
        """Nothing was sent from here."""
        del to, text, key, since
        return None

    def act(self, native_id: str, deed: Deed, key: str, facts: Mapping[str, str]) -> Acted:
        """Nothing lies on a network. Raises Permanent."""
        del native_id, deed, key, facts
        raise Permanent("rejected")

    def find_acted(self, native_id: str, deed: Deed, key: str, facts: Mapping[str, str]) -> Acted | None:
        """Nothing was done from here."""
        del native_id, deed, key, facts
        return None


def recognise(address: str, client: Client) -> None:
    """No address is an account of this kind."""
    del address, client


CONNECTOR: Final = HandedOver
