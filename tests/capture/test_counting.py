"""Whether a page is all there, and whether it is the page at all (D43): plain rules."""

from __future__ import annotations

import pytest

from uppsikt.capture import counting
from uppsikt.capture.report import Expected, Report
from uppsikt.capture.walls import SHORT, Landed, wall


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("24 kommentarer", 24),
        ("1 234 comments\n3 svar", 1234),
        ("Sida 7\n\nkommentarer", None),  # a number on another line is another matter
        ("2.024 Kommentarer", 2024),
        ("inget alls", None),
    ],
)
def test_what_the_page_says_of_itself_is_read(text: str, number: int | None) -> None:
    assert counting.says(text) == number


def test_words_are_found_however_a_theme_sets_them() -> None:
    page = "RUBRIK\n“Vad bra!” sa A\u030asa …\xa0igen – nu"
    assert counting.missing(('"Vad bra!"', "sa Åsa ... igen - nu", "rubrik", "saknas"), page) == [3]


@pytest.mark.parametrize(
    ("expected", "picked", "found", "state"),
    [
        (None, None, None, "whole"),
        (Expected(texts=("ett", "två")), None, 2, "whole"),
        (Expected(texts=("ett", "fyra")), None, 1, "partly"),
        (Expected(selector="li", count=3), 3, 3, "whole"),
        (Expected(selector="li", count=3), 2, 2, "partly"),
    ],
)
def test_counts_stand_side_by_side(
    expected: Expected | None, picked: int | None, found: int | None, state: str
) -> None:
    report = Report(url="https://a.example/", at="")
    counting.count(report, expected, text="ett två tre", picked=picked)
    assert (report.found, report.state) == (found, state)


@pytest.mark.parametrize(
    ("expected", "why"),
    [
        (None, ["more_to_show"]),
        (Expected(texts=("ett", "fyra")), ["fewer_than_expected", "more_to_show"]),
        (Expected(texts=("ett", "två")), []),  # all that the network told of is there, whatever the button hides
    ],
)
def test_a_button_that_promises_more_is_told_where_it_may_hide_something(
    expected: Expected | None, why: list[str]
) -> None:
    report = Report(url="https://a.example/", at="", more=1)
    counting.count(report, expected, text="ett två tre", picked=None)
    assert (report.why, report.state) == (why, "partly" if why else "whole")


LONG = "Snön röjs i dag. " * (SHORT // 10)


@pytest.mark.parametrize(
    ("url", "status", "text", "password", "recognised", "sign"),
    [
        ("https://a.example/post/7", 200, "kort", False, False, ""),
        ("https://a.example/post/7", 401, LONG, False, True, "status"),
        ("https://a.example/post/7", 403, "", False, False, "status"),
        ("https://a.example/login?next=7", 200, "kort", False, False, "redirect"),
        ("https://a.example/konto/logga-in", 200, LONG, True, False, "redirect"),
        ("https://a.example/catalogin/7", 200, "kort", False, False, ""),  # not that word
        ("https://a.example/post/7", 200, "kort", True, False, "form"),
        ("https://a.example/post/7", 200, LONG, True, False, ""),  # a field for logging in beside a page
        ("https://a.example/post/7", 200, "kort", True, True, ""),
        ("https://a.example/post/7", 200, "Du måste logga in för att se det här", False, False, "words"),
        ("https://a.example/post/7", 200, LONG + "Du måste logga in för att kommentera", False, False, ""),
    ],
)
def test_a_wall_is_told_from_a_page(
    *, url: str, status: int, text: str, password: bool, recognised: bool, sign: str
) -> None:
    landed = Landed("https://a.example/post/7", url, status, text, password, recognised)
    assert wall(landed) == sign
