"""A notice as a text message, through a gateway on the web.

Two forms of gateway, by `UPPSIKT_SMS_FORM`: "46elks" (form fields `from`, `to`, `message`, HTTP Basic; the form that
Swedish gateways of that make publish) and "json" (a JSON object with `from`, `to`, `text`, `id`, and a bearer token).
"""

from __future__ import annotations

from django.conf import settings

from uppsikt.net import NetError
from uppsikt.notices.ways.base import Message, client, judge, lost

# One message of the telephone network holds 160 signs, and fewer with signs outside its alphabet.
LONGEST = 300


def is_on() -> bool:
    """Whether the installation has a gateway."""
    return bool(settings.SMS["url"])


def text_of(words: str, url: str) -> str:
    """The words and where to go, within what a few messages hold; the address is never cut."""
    room = max(LONGEST - len(url) - 1, 20)
    short = words if len(words) <= room else words[: room - 1].rstrip() + "…"
    return f"{short} {url}".strip()


def send(message: Message, number: str) -> None:
    """Hand a notice to the gateway. Raises Undelivered."""
    send_text(number, text_of(message.words, message.url), key=message.key)


def send_text(number: str, text: str, *, key: str) -> None:
    """Hand a text to the gateway. Raises Undelivered."""
    gateway = settings.SMS
    try:
        with client() as web:
            if gateway["form"] == "json":
                response = web.request(
                    "POST",
                    gateway["url"],
                    json={"from": gateway["sender"], "to": number, "text": text, "id": key},
                    headers={"Authorization": f"Bearer {gateway['password']}", "Idempotency-Key": key},
                )
            else:
                response = web.request(
                    "POST",
                    gateway["url"],
                    data={"from": gateway["sender"], "to": number, "message": text},
                    auth=(gateway["user"], gateway["password"]),
                )
    except NetError as error:
        raise lost(error) from error
    judge(response)
