"""From bytes to text: the encoding that they are in, rather than the one they say; and what breaks XML mended."""

from __future__ import annotations

import codecs
import html.entities
import re
from collections.abc import Iterator
from typing import Final

_DECLARED = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9._-]{1,40})", re.IGNORECASE)
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"),
)  # fmt: skip  # a table, read as one
_BY_BEGINNING: Final = ((b"<\x00?\x00", "utf-16-le"), (b"\x00<\x00?", "utf-16-be"), (b"<\x00", "utf-16-le"))
# What single-byte text is in truth, whatever it calls itself.
_WESTERN: Final = frozenset({"", "utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1", "latin-1", "latin1"})
_BEGINNING = re.compile(
    r"<\?xml|<!DOCTYPE|<(?:rss|feed|channel|rdf:RDF|html|[a-z]{1,10}:(?:feed|RDF))[\s>]", re.IGNORECASE
)
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_MARKED: Final = (("<![CDATA[", "]]>"), ("<!--", "-->"))
MOST_PREFIXES: Final = 50
_REFERENCE = re.compile(r"&(?:#([0-9]{1,7});|#[xX]([0-9a-fA-F]{1,6});|([A-Za-z][A-Za-z0-9]{1,31});)?")
_OWN: Final = frozenset({"amp", "lt", "gt", "quot", "apos"})
_PREFIX = re.compile(r"<([A-Za-z_][\w.-]{0,30}):[A-Za-z]")
_ROOT = re.compile(r"<(?!\?|!)[^\s/>]+")
HIGHEST: Final = 0x10FFFF


def decode(body: bytes, content_type: str) -> tuple[str, set[str]]:
    """The text of an answer, and remarks on what it took: "wrong_encoding", "bytes_mended", "control", "noise".

    Bytes that are good UTF-8 are UTF-8, whatever they are called; single bytes among them are read as Windows
    writes them in western Europe.
    """
    remarks: set[str] = set()
    text = _text(body, content_type, remarks)
    text, removed = _FORBIDDEN.subn("", text.removeprefix("\ufeff"))
    if removed:
        remarks.add("control")
    if (begun := _BEGINNING.search(text[:50_000])) and text[: begun.start()].strip():
        remarks.add("noise")
    return (text[begun.start() :] if begun else text), remarks


def _text(body: bytes, content_type: str, remarks: set[str]) -> str:
    for beginning, name in (*_BOMS, *_BY_BEGINNING):
        if body.startswith(beginning):
            try:
                return body.decode(name)
            except UnicodeDecodeError:
                remarks.add("bytes_mended")
                return body.decode(name, "replace")
    called = _called(body, content_type)
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return _not_utf8(body, called, remarks)
    if called not in ("", "utf-8", "utf8") and not text.isascii():
        remarks.add("wrong_encoding")
    return text


def _called(body: bytes, content_type: str) -> str:
    """What the answer says that it is in: inside first, since whoever wrote the text wrote that."""
    if inside := _DECLARED.search(body[:1000]):
        return inside[1].decode("ascii").lower()
    outside = _CHARSET.search(content_type)
    return outside[1].lower() if outside else ""


def _not_utf8(body: bytes, called: str, remarks: set[str]) -> str:
    if called not in _WESTERN:
        try:
            return body.decode(called)
        except (UnicodeDecodeError, LookupError):
            remarks.add("wrong_encoding")
    elif called in ("", "utf-8", "utf8", "us-ascii", "ascii"):
        remarks.add("bytes_mended")
    if called in ("iso-8859-1", "latin-1", "latin1"):
        return _windows(body)
    return body.decode("utf-8", "uppsikt.windows")


def _windows(some: bytes) -> str:
    """Single bytes as Windows writes them in western Europe; the five that mean nothing there as nothing."""
    return some.decode("cp1252", "ignore")


def _as_windows(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return _windows(error.object[error.start : error.end]), error.end


codecs.register_error("uppsikt.windows", _as_windows)


def mend(text: str, known: dict[str, str]) -> str:
    """Mend what most often breaks a feed: bare ampersands, HTML's names of signs, impossible signs, prefixes that
    nobody declared (`known` maps the common ones to their namespaces). Marked sections and comments stay as they are.
    """
    mended = "".join(part if marked else _REFERENCE.sub(_reference, part) for part, marked in _parts(text))
    used = {prefix for prefix in set(_PREFIX.findall(mended)) if f"xmlns:{prefix}" not in mended} - {"xml"}
    root = _ROOT.search(mended)
    if not used or not root:
        return mended
    declared = "".join(
        f' xmlns:{prefix}="{known.get(prefix, "urn:undeclared:" + prefix)}"' for prefix in sorted(used)[:MOST_PREFIXES]
    )
    return mended[: root.end()] + declared + mended[root.end() :]


def _parts(text: str) -> Iterator[tuple[str, bool]]:
    """The text in pieces, each with whether it is a marked section or a comment."""
    at = 0
    for found in re.finditer(r"<!\[CDATA\[|<!--", text):
        if found.start() < at:
            continue
        yield text[at : found.start()], False
        close = dict(_MARKED)[found[0]]
        end = text.find(close, found.end())
        at = len(text) if end == -1 else end + len(close)
        yield text[found.start() : at], True
        if at == len(text):
            return
    yield text[at:], False


def _reference(found: re.Match[str]) -> str:
    decimal, hexadecimal, name = found.groups()
    if decimal or hexadecimal:
        number = int(decimal) if decimal else int(hexadecimal, 16)
        good = number <= HIGHEST and not _FORBIDDEN.match(chr(number))
        return found[0] if good else ""
    if name in _OWN:
        return found[0]
    if name and (sign := html.entities.html5.get(f"{name};")):
        return sign.replace("&", "&amp;").replace("<", "&lt;")
    return "&amp;" + found[0][1:]
