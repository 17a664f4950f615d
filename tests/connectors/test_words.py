"""Strangers' words become plain text in time that grows with their length, and fit to keep (D40)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from uppsikt.connectors import words

BASE = "https://almby.example/blogg/"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>Ett</p>\n<p>Två<br />tre</p>", "Ett\n\nTvå\ntre"),
        ("Fisk &amp; skaldjur &#8220;f&auml;rskt&#8221; &lt;b&gt;", "Fisk & skaldjur “färskt” <b>"),
        ("<a href='/mer?a=1&amp;b=2'>Läs mer</a>!", "Läs mer (https://almby.example/mer?a=1&b=2)!"),
        ("<a href='https://x.example/'>x.example</a>", "x.example"),
        ("<a href='javascript:alert(1)'>klicka</a>", "klicka"),
        ("<a href='https://x.example'><img src=b.png></a>", "https://x.example"),
        ("a < b och c > d <3", "a < b och c > d <3"),
        ("<script>alert('<p>x</p>')</script>kvar<style>p{}</style>", "kvar"),
        ("före<!-- <b>dolt</b> -->efter<!-- aldrig slut", "föreefter"),
        ("<ul><li>ett</li><li>två</li></ul>", "– ett\n– två"),
        ("<p>  många   mellanslag\n och rader </p>", "många mellanslag\noch rader".replace("\n", " ")),
        ("<pre>rad 1\n  rad 2</pre>", "rad 1\nrad 2"),
        ('<img alt="a > b" src="x.png">efter', "efter"),
        ("<b title='>'>fet</b>", "fet"),
        ("<", "<"),
        ("&#x110000; &#99999999999999; &#0;", "\ufffd \ufffd \ufffd"),
        ("", ""),
    ],
)
def test_html_reads_as_a_person_reads_it(html: str, text: str) -> None:
    assert words.read(html, BASE).text == text


def test_files_are_found_with_their_words() -> None:
    page = words.read(
        "<img src='/a.png' alt='En &quot;bil&quot;'><video src='b.mp4'></video>"
        "<audio><source src='//cdn.example/c.mp3'></audio>"
        "<img src='data:image/png;base64,xx'><img src='http://[::1'><a href='d.pdf'>Tider</a>",
        BASE,
    )
    assert [(file.address, file.tag, file.alt) for file in page.files] == [
        ("https://almby.example/a.png", "img", 'En "bil"'),
        ("https://almby.example/blogg/b.mp4", "video", ""),
        ("https://cdn.example/c.mp3", "source", ""),
        ("https://almby.example/blogg/d.pdf", "a", "Tider"),
    ]


def test_what_no_database_holds_goes_and_is_told_and_writing_direction_stays() -> None:
    assert words.clean("a\x00b\ud800c\x07d\u202ee\n\t") == ("abcd\u202ee\n\t", {"nul", "surrogates", "control"})
    assert words.clean("x" * 10, cap=4) == ("xxxx", {"cut"})
    assert words.clean("Åäö 🙂 عربي") == ("Åäö 🙂 عربي", frozenset())


HOSTILE = {
    "nested": "<div>", "formatting": "<a href=x><b><i>", "open": "<a ", "quotes": '<a href="', "quotes2": '<a href=">',
    "single": "<a href='>", "comments": "<!--", "declarations": "<![", "ends": "</", "signs": "&",
    "names": "&aaaaaaaaaaa",
    "scripts": "<script>", "attributes": "<img " + "a" * 8000 + ">", "pictures": "<img src=x>", "lines": "<br> ",
    "numbers": "&#9", "pre": "<pre>",
}  # fmt: skip


@pytest.mark.parametrize("name", list(HOSTILE))
def test_a_megabyte_of_broken_html_holds_nobody_up(name: str) -> None:
    """Ready-made parsers took minutes over some of these: were ours to, this test would not end."""
    piece = HOSTILE[name]
    page = words.read(piece * (1_000_000 // len(piece)), BASE)
    assert len(page.files) <= words.MOST_FILES


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    read = words.read(text, BASE).text
    assert words.clean(read) == (read, frozenset())
