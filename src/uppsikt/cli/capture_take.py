"""`capture URL`: take a page as it is into a folder, closed and signed, without a database."""

from __future__ import annotations

import argparse
import json
import os
import socket
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from urllib.parse import urlsplit

from uppsikt import env
from uppsikt.capture import package, page, signing, stamping
from uppsikt.capture.errors import CaptureFailed
from uppsikt.capture.package import PackFailed
from uppsikt.capture.report import CARD_ONLY, PARTLY, Expected, Report
from uppsikt.kernel.terminal import Trouble, say, tell
from uppsikt.net import parse_allowed

PARTS, CARD, NOTHING, AGAIN = 4, 5, 6, 75  # exit codes; 75 is the system's own word for "try again later"

# Why nothing, or only a card, was kept: Swedish and English.
FAILED = {
    "bad_address": ("adressen går inte att läsa", "the address cannot be read"),
    "refused_address": (
        "adressen leder in i ett privat nät (öppna den med --allow-private om den ska få läsas)",
        "the address leads into a private network (open it with --allow-private if it may be read)",
    ),
    "not_found": ("sidan finns inte", "the page is not there"),
    "login_wall": ("sidan visas bara för den som loggar in", "the page is shown only to who logs in"),
    "download": ("adressen ger en fil, inte en sida", "the address gives a file, not a page"),
    "certificate": ("webbplatsens certifikat går inte att lita på", "the site's certificate cannot be trusted"),
    "too_large": ("sidan är för stor", "the page is too large"),
    "no_browser": (
        "ingen Chromium går att starta här (./uppsikt doctor säger vad som behövs)",
        "no Chromium can be started here (./uppsikt doctor says what is needed)",
    ),
    "unreachable": ("webbplatsen svarar inte", "the site does not answer"),
    "too_slow": ("sidan kom inte i tid", "the page did not come in time"),
    "browser_died": ("webbläsaren dog", "the browser died"),
    "broken_answer": ("svaret går inte att läsa", "the answer cannot be read"),
}
# Why a capture is not whole.
LACKS = {
    "load": ("sidan laddade aldrig klart", "the page never finished loading"),
    "answer_length": ("ett svar var större än gränsen", "an answer was larger than the limit"),
    "answer_time": ("ett svar kom inte till sitt slut", "an answer did not come to its end"),
    "answer_disconnect": ("ett svar bröts av", "an answer was broken off"),
    "requests": ("sidan hämtar mer än gränsen", "the page fetches more than the limit"),
    "scroll": ("sidans slut hanns inte med", "the end of the page was not reached in time"),
    "height": ("sidan är högre än gränsen", "the page is taller than the limit"),
    "inner_scroll": ("en del av sidan rullar för sig själv", "a part of the page scrolls by itself"),
    "more_to_show": ("en knapp på sidan visar mer", "a button on the page shows more"),
    "screenshot": ("en bild gick inte att ta", "a picture could not be taken"),
    "fewer_than_expected": ("allt som väntades fanns inte på sidan", "not all that was expected was on the page"),
}


def take(chosen: argparse.Namespace) -> int:
    """Capture, close, and say how whole it is. Raises Trouble.

    0: the whole page; 4: parts of it; 5: only the answer and the card; 6: nothing; 75: nothing now, worth trying again.
    """
    out = Path(chosen.out)
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise Trouble(
            f"{out} finns redan. Ange en mapp som inte finns, eller som är tom.",
            f"{out} is there already. Name a folder that is not there, or is empty.",
        )
    try:
        allowed = parse_allowed([*env.words("UPPSIKT_ALLOW_PRIVATE"), *chosen.allow_private])
    except ValueError as error:
        raise Trouble(
            f"--allow-private: {error}. Skriv värd:port.", f"--allow-private: {error}. Write host:port."
        ) from error
    os.umask(0o077)  # what is captured is what citizens wrote
    try:
        report = page.capture(
            chosen.what,
            out=out,
            answer=_read(chosen.answer),
            answer_url=chosen.answer_url,
            card=None if (card := _read(chosen.card)) is None else card.decode("utf-8", "replace"),
            expected=Expected(texts=tuple(chosen.expect)) if chosen.expect else None,
            allow=allowed,
            last=True,
        )
        package.pack(out, facts={"host": socket.gethostname()}, signer=_signer(), authority=_authority(allowed))
    except CaptureFailed as failed:
        words = FAILED[failed.code]
        why = f" ({failed.facts['why']})" if failed.facts.get("why") else ""
        say(f"Inget sparades: {words[0]}{why}.", f"Nothing was kept: {words[1]}{why}.")
        return AGAIN if failed.retryable else NOTHING
    except PackFailed as failed:
        raise Trouble(
            f"Sidan är sparad i {out} men inte stängd: {failed.code}.",
            f"The page is kept in {out} but not closed: {failed.code}.",
        ) from failed
    print(json.dumps(asdict(report), ensure_ascii=False, indent=1) if chosen.json else "\n".join(_lines(report, out)))
    return {PARTLY: PARTS, CARD_ONLY: CARD}.get(report.state, 0)


def _read(name: str) -> bytes | None:
    """A file that the person named. Raises Trouble."""
    if not name:
        return None
    try:
        return Path(name).read_bytes()
    except OSError as error:
        raise Trouble(
            f"{name} går inte att läsa: {error.strerror}.", f"{name} cannot be read: {error.strerror}."
        ) from error


def _signer() -> signing.Signer:
    """The installation's key for evidence, made the first time. Raises Trouble."""
    host = urlsplit(env.text("UPPSIKT_URL", "")).hostname or socket.gethostname()
    file = env.folder() / "keys" / "evidence.key"
    try:
        return signing.Signer.read(env.key("UPPSIKT_EVIDENCE_KEY", file, lambda: signing.new(host)))
    except signing.BadKey as error:
        raise Trouble(f"UPPSIKT_EVIDENCE_KEY: {error}", f"UPPSIKT_EVIDENCE_KEY: {error}") from error


def _authority(allowed: frozenset[str]) -> stamping.Authority | None:
    """Whom to ask for the time, where one is set. Raises Trouble."""
    url = env.text("UPPSIKT_TIMESTAMP_URL", "")
    if not url:
        return None
    try:
        roots = stamping.read_certificates(tuple(env.words("UPPSIKT_TIMESTAMP_ROOTS")))
    except ValueError as error:
        raise Trouble(f"I {error} finns inget certifikat.", f"There is no certificate in {error}.") from error
    return stamping.Authority(url, roots, allowed)


def _lines(report: Report, out: Path) -> Iterator[str]:
    """What was kept, for people."""
    if report.state == CARD_ONLY:
        why = tell(*FAILED[report.why[0]])
        yield tell(
            f"Bara nätets svar och kortet är sparade: {why}.",
            f"Only the network's answer and the card are kept: {why}.",
        )
    elif report.state == PARTLY:
        yield tell("Delar av sidan är sparade.", "Parts of the page are kept.")
        yield from (f"  {tell(*LACKS[why])}" for why in report.why)
    else:
        yield tell("Hela sidan är sparad.", "The whole page is kept.")
    if report.expected is not None:
        yield tell(f"  {report.found} av {report.expected} väntade", f"  {report.found} of {report.expected} expected")
    if report.screenshots:
        pictures = len(report.screenshots)
        yield tell(
            f"  {report.width} × {report.height} bildpunkter i {pictures} bilder, {report.requests} hämtningar, "
            f"{report.bytes} byte",
            f"  {report.width} × {report.height} pixels in {pictures} pictures, {report.requests} requests, "
            f"{report.bytes} bytes",
        )
    yield tell(
        f"Se efter att inget ändrats: ./uppsikt capture verify {out}",
        f"See that nothing changed: ./uppsikt capture verify {out}",
    )
