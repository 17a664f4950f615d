"""`capture verify`: look at one folder of evidence, alone, without a database, and say what it proves and what not."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

from uppsikt import env
from uppsikt.capture import signing, stamping, verifying
from uppsikt.capture.verifying import Fault, Found
from uppsikt.kernel.terminal import Trouble, tell

WRONG = 3  # the exit code where something is not as it was

# What is wrong, by code: Swedish and English.
WORDS = {
    "missing": ("saknas", "is missing"),
    "added": ("finns men hör inte till beviset", "is there and does not belong to the evidence"),
    "changed": ("är ändrad", "was changed"),
    "unreadable": ("går inte att läsa", "cannot be read"),
    "bad_signature": ("underskriften stämmer inte", "the signature is not right"),
    "other_key": ("en annan nyckel än väntat har skrivit under", "another key than expected signed it"),
    "bad_stamp": ("tidsstämpeln stämmer inte", "the time-stamp is not right"),
    "bad_digest": ("kontrollsumman stämmer inte", "the digest is not right"),
    "bad_index": ("registret leder inte till svaret", "the index does not lead to the answer"),
    "bad_record": ("svaret stämmer inte med sin egen kontrollsumma", "the answer does not match its own digest"),
    "no_digest": ("svaret saknar kontrollsumma", "the answer has no digest"),
    "other_text": ("texten är en annan än i text.txt", "the text is not that of text.txt"),
}
STATES = {
    "whole": ("hela sidan", "the whole page"),
    "partly": (
        "delar av sidan; report.json säger vilka",
        "parts of the page; report.json says which",
    ),
    "card_only": ("nätets svar och ett kort av inlägget, inte sidan", "the network's answer and a card, not the page"),
}


def verify(folder: str, *, keys: list[str], roots: list[str], as_json: bool) -> int:
    """Look at it and say what was found; 0 where nothing is wrong, 3 where something is. Raises Trouble."""
    place = Path(folder)
    if not place.is_dir():
        raise Trouble(f"{folder} är ingen mapp.", f"{folder} is no folder.")
    names = roots or env.words("UPPSIKT_TIMESTAMP_ROOTS")
    try:
        trusted = stamping.read_certificates(tuple(names))
    except ValueError as error:
        raise Trouble(f"I {error} finns inget certifikat.", f"There is no certificate in {error}.") from error
    found = verifying.examine(place, keys=[fingerprint(one) for one in keys] or own_keys(), trusted=trusted)
    print(as_data(found) if as_json else "\n".join(lines(found)))
    return 0 if found.whole else WRONG


def fingerprint(said: str) -> str:
    """A key's fingerprint, as written or as the certificate in a file has it. Raises Trouble."""
    plain = said.replace(":", "").lower()
    if len(plain) == 64 and all(sign in "0123456789abcdef" for sign in plain):  # noqa: PLR2004 of a sha256
        return plain
    try:
        return signing.fingerprint(stamping.read_certificates((said,))[0])
    except (ValueError, IndexError, signing.BadKey) as error:
        raise Trouble(
            f"{said} är varken ett fingeravtryck eller en fil med ett certifikat.",
            f"{said} is neither a fingerprint nor a file with a certificate.",
        ) from error


def own_keys() -> list[str]:
    """This installation's own key, where it lies here; nothing is made."""
    try:
        pem = env.text("UPPSIKT_EVIDENCE_KEY", "") or (env.folder() / "keys" / "evidence.key").read_text("utf-8")
        return [signing.fingerprint(signing.Signer.read(pem).certificate)]
    except (OSError, signing.BadKey):
        return []


def as_data(found: Found) -> str:
    """For programs."""
    said = {"whole": found.whole, **asdict(found)}
    return json.dumps(said, ensure_ascii=False, indent=1, default=str)


def words_of(fault: Fault) -> str:
    """A fault in a line."""
    about = f" ({fault.about})" if fault.about else ""
    return f"{tell('FEL', 'WRONG')}  {fault.file}: {tell(*WORDS[fault.code])}{about}"


def lines(found: Found) -> list[str]:
    """The outcome for people: faults first, then what it proves, then what it does not."""
    said = [words_of(fault) for fault in found.faults]
    if found.url:
        said.append(f"{found.url} · {found.captured_at} · {tell(*STATES.get(found.state, (found.state, found.state)))}")
    if not found.whole:
        number = len(found.faults)
        return [*said, tell(f"Beviset är INTE som det var: {number} fel.", f"The evidence is NOT as it was: {number}.")]
    said.append(
        tell(
            f"{found.files} filer, {found.bytes:,} byte: alla är som när de skrevs under.",
            f"{found.files} files, {found.bytes:,} bytes: all are as they were when they were signed.",
        )
    )
    said += [whose(found), when(found)]
    said.append(
        tell(
            "Det visar att inget har ändrats sedan dess. Det visar inte att nätet visade sidan så: det vet bara den "
            "som tog den. Spela upp page.wacz för att se den; det som räknas är nätets svar, sidans kod och bilderna.",
            "That shows that nothing was changed since. It does not show that the network served the page so: only "
            "whoever took it knows that. Replay page.wacz to see it; what counts is answer, code and pictures.",
        )
    )
    return said


def whose(found: Found) -> str:
    """Who signed, and whether that is known."""
    named = f"{found.signed_by}, {found.key_sha256}"
    if found.ours:
        return tell(f"Underskriven med vår nyckel: {named}", f"Signed with our key: {named}")
    return tell(
        f"Underskriven av {named}. Ingen har sagt att nyckeln är vår: jämför fingeravtrycket (--key).",
        f"Signed by {named}. Nobody said that the key is ours: compare the fingerprint (--key).",
    )


def when(found: Found) -> str:
    """When it was there, by an authority outside."""
    if found.stamped_at is None:
        return tell(
            "Ingen tidsstämpel: när det skrevs under vet bara vår egen klocka.",
            "No time-stamp: when it was signed only our own clock can say.",
        )
    at = found.stamped_at.isoformat()
    if found.stamp_proved:
        return tell(f"Underskriften fanns {at}, enligt en betrodd tidsstämpel.", f"The signature was there at {at}.")
    return tell(
        f"Tidsstämpeln säger {at}. Ingen har sagt vem som är betrodd: ange --roots.",
        f"The time-stamp says {at}. Nobody said whom to trust: give --roots.",
    )
