"""Odd feeds as they are met, and worse: each with the reading that is right, or the word for why there is none.

Written by hand for these tests. A reading is [title, text, ISO date or None] for each entry, in order.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Odd:
    """Bytes, how they are called, and what they must come to."""

    body: bytes
    entries: tuple[tuple[Any, ...], ...] = ()
    word: str = ""
    remarks: frozenset[str] = frozenset()
    called: str = "application/rss+xml"
    bad: int = 0
    more: dict[str, Any] = field(default_factory=dict)


def rss(inside: str, head: str = "<title>Älvsta</title>", coding: str = "utf-8", bom: bytes = b"") -> bytes:
    """An RSS feed around some items, in an encoding."""
    text = f'<?xml version="1.0" encoding="{coding}"?><rss version="2.0"><channel>{head}{inside}</channel></rss>'
    return bom + text.encode(coding)


def item(title: str = "Hej", text: str = "Text", date: str = "", more: str = "") -> str:
    """An item."""
    when = f"<pubDate>{date}</pubDate>" if date else ""
    return f"<item><guid>{title}</guid><title>{title}</title><description>{text}</description>{when}{more}</item>"


def dated(written: str, at: str | None, *remarks: str) -> Odd:
    """A feed with one date."""
    return Odd(rss(item(date=written)), (("Hej", "Text", at),), remarks=frozenset(remarks))


AT = "2026-11-12T08:00:00+00:00"
LOL = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
SWEDISH = "Räksmörgås på Åsö"

ODD: dict[str, Odd] = {
    # -- dates
    "RFC 822": dated("Thu, 12 Nov 2026 09:00:00 +0100", AT),
    "the zone by its name": dated("Thu, 12 Nov 2026 09:00:00 CET", AT),
    "American zone": dated("Thu, 12 Nov 2026 03:00:00 EST", AT),
    "GMT with an offset": dated("Thu, 12 Nov 2026 09:00:00 GMT+0100", AT),
    "two digits of year, no seconds": dated("12 Nov 26 08:00 GMT", AT),
    "Swedish names": dated("tors, 12 november 2026 09:00:00 +0100", AT),
    "Swedish, short": dated("tor 12 okt 2026 09.00 CEST", "2026-10-12T07:00:00+00:00"),
    "ISO in RSS": dated("2026-11-12T09:00:00+01:00", AT),
    "ISO with a blank": dated("2026-11-12 08:00:00Z", AT),
    "fractions": dated("2026-11-12T08:00:00.123456Z", AT),
    "no zone": dated("2026-11-12T09:00:00", None, "no_zone"),
    "a zone that is many": dated("Thu, 12 Nov 2026 09:00:00 IST", None, "no_zone"),
    "a zone that says it is unknown": dated("Thu, 12 Nov 2026 09:00:00 -0000", None, "no_zone"),
    "an offset that no place has": dated("Thu, 12 Nov 2026 09:00:00 +2500", None, "no_zone"),
    "a day alone": dated("2026-11-12", None, "date_unread"),
    "words": dated("i går kväll", None, "date_unread"),
    "thirteenth month": dated("2026-13-12T09:00:00Z", None, "date_unread"),
    "thirtieth of February": dated("30 Feb 2026 09:00:00 GMT", None, "date_unread"),
    "year 0": dated("0000-00-00T00:00:00Z", None, "date_unread"),
    "the clock's beginning": dated("Thu, 01 Jan 1970 00:00:00 GMT", None, "date_too_old"),
    "next year": dated("Fri, 12 Nov 2027 09:00:00 GMT", None, "date_in_future"),
    "year 9999": dated("Fri, 31 Dec 9999 23:59:59 -1200", None, "date_unread"),
    "a number": dated("1794470400", None, "date_unread"),
    "no date": Odd(rss(item()), (("Hej", "Text", None),)),
    "only a date of change": Odd(
        b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>a</id><title>Hej</title><summary>Text</summary>'
        b"<updated>2026-11-12T08:00:00Z</updated></entry></feed>",
        (("Hej", "Text", AT),),
        remarks=frozenset({"date_of_change"}),
    ),
    # -- encodings
    "UTF-8 with a mark": Odd(rss(item(SWEDISH), bom=b"\xef\xbb\xbf"), ((SWEDISH, "Text", None),)),
    "UTF-16": Odd(rss(item(SWEDISH), coding="utf-16"), ((SWEDISH, "Text", None),)),
    "UTF-16 without a mark": Odd(rss(item(SWEDISH), coding="utf-16-le"), ((SWEDISH, "Text", None),)),
    "latin-1": Odd(rss(item(SWEDISH), coding="iso-8859-1"), ((SWEDISH, "Text", None),)),
    "Windows": Odd(rss(item("”Citat” – €"), coding="windows-1252"), (("”Citat” – €", "Text", None),)),
    "Windows called latin-1": Odd(
        rss(item("X"), coding="iso-8859-1").replace(b">X<", "”Å”".encode("cp1252").join([b">", b"<"])),
        (("”Å”", "Text", None),),
    ),
    "UTF-8 called latin-1": Odd(
        rss(item(SWEDISH)).replace(b'"utf-8"', b'"iso-8859-1"'),
        ((SWEDISH, "Text", None),),
        remarks=frozenset({"wrong_encoding"}),
    ),
    "latin-1 called UTF-8": Odd(
        rss(item(SWEDISH), coding="iso-8859-1").replace(b"iso-8859-1", b"utf-8"),
        ((SWEDISH, "Text", None),),
        remarks=frozenset({"bytes_mended"}),
    ),
    "Windows's bytes among UTF-8": Odd(
        rss(item("Åsa X")).replace(b"Hej", b"").replace(b"X", b"\x93citat\x94"),
        (("Åsa “citat”", "Text", None),),
        remarks=frozenset({"bytes_mended"}),
    ),
    "an encoding that nobody has": Odd(
        rss(item("Hej")).replace(b'"utf-8"', b'"klingon-7"'),
        (("Hej", "Text", None),),
        remarks=frozenset({"wrong_encoding"}),
    ),
    "control signs": Odd(rss(item("He\x00\x0bj\x1f")), (("Hej", "Text", None),), remarks=frozenset({"control"})),
    "a control sign by number": Odd(
        rss(item("He&#0;j&#x1F;")), (("Hej", "Text", None),), remarks=frozenset({"mended_xml"})
    ),
    # -- what stands inside
    "escaped twice": Odd(
        rss(item(text="&amp;lt;p&amp;gt;Badet är &amp;lt;b&amp;gt;öppet&amp;lt;/b&amp;gt;&amp;lt;/p&amp;gt;")),
        (("Hej", "Badet är öppet", None),),
        remarks=frozenset({"escaped_twice"}),
    ),
    "HTML in a title": Odd(rss(item("&lt;b&gt;Fet&lt;/b&gt; &amp;amp; smal")), (("Fet & smal", "Text", None),)),
    "a less-than in a title": Odd(rss(item("1 &lt; 2 och AT&amp;T")), (("1 < 2 och AT&T", "Text", None),)),
    "a script": Odd(rss(item(text="<![CDATA[Hej<script>alert(1)</script> du]]>")), (("Hej", "Hej du", None),)),
    "Atom in XHTML": Odd(
        b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>1</id><title type="html">&lt;i&gt;Ett&lt;/i&gt;</title>'
        b'<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>F\xc3\xb6rst</p>'
        b"<p>sen &lt;ej&gt;</p></div></content>"
        b"</entry></feed>",
        (("Ett", "Först\n\nsen <ej>", None),),
    ),
    "full text before summary": Odd(
        b'<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
        + item().encode().replace(b"</item>", b"<content:encoded><![CDATA[<p>Hela</p>]]></content:encoded></item>")
        + b"</channel></rss>",
        (("Hej", "Hela", None),),
    ),
    "https namespaces": Odd(
        b'<rss version="2.0" xmlns:c="https://PURL.org/rss/1.0/modules/content"><channel><item><title>Hej</title>'
        b"<c:encoded>Hela</c:encoded></item></channel></rss>",
        (("Hej", "Hela", None),),
    ),
    # -- broken XML
    "bare ampersands and HTML's names": Odd(
        rss(item("R&D &aring;r&nbsp;&ouml; &foo;")),
        (("R&D år ö &foo;", "Text", None),),
        remarks=frozenset({"mended_xml"}),
    ),
    "a prefix nobody declared": Odd(
        rss(item(more="<media:title>x</media:title><o:p/>")),
        (("Hej", "Text", None),),
        remarks=frozenset({"mended_xml"}),
    ),
    "noise before": Odd(
        b"<br />\n<b>Warning</b>: PHP said in <b>/x.php</b>\n" + rss(item()),
        (("Hej", "Text", None),),
        remarks=frozenset({"noise"}),
    ),
    "blank lines before": Odd(b"\n\n  " + rss(item()), (("Hej", "Text", None),)),
    "cut in an entry": Odd(
        rss(item("Ett") + item("Två"))[:-60],
        (("Ett", "Text", None),),
        remarks=frozenset({"cut_off"}),
        bad=1,
    ),
    "cut between": Odd(
        rss(item("Ett") + item("Två"))[:-16],
        (("Ett", "Text", None), ("Två", "Text", None)),
        remarks=frozenset({"cut_off"}),
    ),
    "tags that do not close": Odd(
        rss(item(text="<p>Rad ett<br>rad två") + item("Två")),
        (("Hej", "Rad ett\nrad två", None), ("Två", "Text", None)),
        remarks=frozenset({"broken_xml"}),
    ),
    "a cross in the middle": Odd(
        rss(item("Ett", more="<b><i></b></i>") + item("Två")),
        (("Ett", "Text", None), ("Två", "Text", None)),
        remarks=frozenset({"broken_xml"}),
    ),
    "soup": Odd(b"<rss><channel" + b"<" * 5000, word="broken_feed"),
    # -- bombs
    "billion laughs": Odd(
        f'<!DOCTYPE r [<!ENTITY l0 "ha">{LOL}]><rss><channel>{item("&l11;")}</channel></rss>'.encode(),
        word="unsafe_feed",
    ),
    "quadratic": Odd(
        b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "'
        + b"x" * 60_000
        + b'">]><rss><channel>'
        + item("&a;" * 9000).encode()
        + b"</channel></rss>",
        word="unsafe_feed",
    ),
    "a file of ours": Odd(
        f'<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/passwd">]><rss><channel>{item("&a;")}</channel></rss>'.encode(),
        word="unsafe_feed",
    ),
    "a parameter entity": Odd(
        b'<!DOCTYPE r [<!ENTITY % a SYSTEM "http://127.0.0.1:9/x"> %a;]><rss><channel/></rss>',
        word="unsafe_feed",
    ),
    "attributes by default": Odd(
        b'<!DOCTYPE r [<!ATTLIST item x CDATA "'
        + b"x" * 9000
        + b'">]><rss><channel>'
        + b"<item/>" * 5000
        + b"</channel></rss>",
        word="unsafe_feed",
    ),
    "a bomb in UTF-16": Odd(
        '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE r [<!ENTITY a "x">]><rss><channel/></rss>'.encode("utf-16"),
        word="unsafe_feed",
    ),
    "a bomb in broken XML": Odd(
        f'<!DOCTYPE r [<!ENTITY a "x">{LOL}]><rss><channel>{item("&l11;")}<b>'.encode(),
        word="unsafe_feed",
    ),
    "an old DOCTYPE": Odd(
        b'<!DOCTYPE rss PUBLIC "-//Netscape//DTD RSS 0.91//EN" "http://127.0.0.1:9/rss.dtd">'
        b'<rss version="0.91"><channel>' + item().encode() + b"</channel></rss>",
        (("Hej", "Text", None),),
    ),
    "depth": Odd(
        rss(item("Ett", more="<a>" * 100_000 + "</a>" * 100_000)),
        (("Ett", "Text", None),),
        remarks=frozenset({"too_deep"}),
    ),
    "depth without an end": Odd(rss("<item>" + "<a>" * 200_000)[:-20], word="broken_feed"),
    "subjects without an end": Odd(
        rss("<item>" + "<category>x</category>" * 50_000 + "<br></item>"), word="broken_feed"
    ),
    # -- what is no feed
    "a page": Odd(b"<!doctype html><title>Hej</title><p>Hej", word="not_feed"),
    "a login": Odd(b"<!doctype html><form><input name=p type=password></form>", word="login_wall"),
    "nothing": Odd(b"", word="not_feed"),
    "bytes": Odd(bytes(range(256)) * 40, word="not_feed"),
    "other XML": Odd(b"<?xml version='1.0'?><urlset><url/></urlset>", word="not_feed"),
    "a web app in XHTML": Odd(b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"/>', word="not_feed"),
    "other JSON": Odd(b'{"items": [], "version": "2"}', word="not_feed"),
    "a list in JSON": Odd(b"[1, 2]", word="not_feed"),
    "half of a JSON Feed": Odd(
        b'{"version":"https://jsonfeed.org/version/1.1","items":[{"id":"1","ti', word="broken_feed"
    ),
    "JSON too deep": Odd(b'{"a":' * 100_000, word="broken_feed"),
    # -- JSON Feed
    "odd JSON Feed": Odd(
        '{"version":"http://jsonfeed.org/version/1","title":7,"items":[{"id":12,"title":"Ett","content_text":"Å\\u0000\\ud800"},'
        '"nej",{"id":"2","title":null,"content_html":"<p>Två","author":"x","attachments":[{"url":"javascript:x"},3]}]}'.encode(),
        (("Ett", "Å", None), ("", "Två", None)),
        called="application/json",
        bad=1,
        remarks=frozenset({"nul", "surrogates"}),
    ),
    # -- empty and huge
    "empty": Odd(rss("")),
    "empty items": Odd(rss("<item/><item></item>"), (("", "", None),)),
    "a huge entry": Odd(rss(item(text="ord " * 500_000)), (("Hej", None, None),), remarks=frozenset({"cut"})),
    "ten thousand": Odd(rss("".join(item(f"Nr {n}") for n in range(10_000))), more={"count": 10_000}),
}
