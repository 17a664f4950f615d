"""The English pages: every page of ours is read in English, and no Swedish words of ours are left on it (D66)."""

from __future__ import annotations

import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.conf import settings
from django.test import Client
from django.utils import timezone, translation

from journeys.pages import PAGES, Page
from uppsikt.organisation.models import Person, RoleGrant
from uppsikt.policy import guideline
from uppsikt.policy.models import Ground
from uppsikt.policy.networks import NETWORKS

SOURCE = Path(__file__).resolve().parents[2] / "src" / "uppsikt"
CATALOGUE = SOURCE / "locale" / "en" / "LC_MESSAGES" / "django.po"
# The style page shows what citizens might have written.
TEMPLATES = sorted(path for path in SOURCE.rglob("templates/**/*.html") if path.name != "style.html")
READ = {"alt", "aria-label", "data-confirm", "data-l", "placeholder", "title"}
# Names of units, accounts and posts, a language's own name, and the reason for ending a case, which is kept in the
# words in which it was chosen.
KEPT = {"Konto", "Kundcenter", "Lätt svenska", "Ny rektor på Vallskolan", "Svenska", "Tack eller beröm"}
# The public list is Swedish at its Swedish addresses whoever asks, and English at its English ones.
IN_ENGLISH = [page for page in PAGES if not page.url_name.startswith("directory:")]
VOID = {"br", "col", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
MARKED = re.compile(
    r"{% comment %}.*?{% endcomment %}|{#.*?#}|{% blocktranslate.*?{% endblocktranslate %}"
    r'|{% translate ".*?" %}|_\(".*?"\)|{% url ".*?" ".*?"',
    re.DOTALL,
)


class Words(HTMLParser):
    """What a page says: its texts, and the attributes that are shown or read aloud.

    `swedish` are the texts that the page itself marks as Swedish, beside `said`, which is in the page's language.
    """

    def __init__(self, page: str) -> None:
        super().__init__()
        self.said: set[str] = set()
        self.swedish: set[str] = set()
        self.inside: list[tuple[str, str]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the attributes that people read, and the language that holds within."""
        self.said |= {value for name, value in attrs if value and (name in READ or name.startswith("data-words"))}
        if tag not in VOID:
            self.inside.append((tag, dict(attrs).get("lang") or (self.inside[-1][1] if self.inside else "")))

    def handle_endtag(self, tag: str) -> None:
        """Leave the element, with those within that need no end of their own."""
        while self.inside and self.inside.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        """Keep the text."""
        swedish = bool(self.inside) and self.inside[-1][1] == "sv"
        (self.swedish if swedish else self.said).add(" ".join(data.split()))


@cache
def swedish_words() -> frozenset[str]:
    """The Swedish texts that are written otherwise in English and stand by themselves. Reading them takes seconds."""
    with CATALOGUE.open("rb") as stream:
        catalogue = read_po(stream, locale="en")
    pairs = ((row.id, row.string) for row in catalogue)
    return frozenset(sv for sv, en in pairs if isinstance(sv, str) and sv and sv != en and "%(" not in sv)


@pytest.mark.django_db
@pytest.mark.parametrize("page", IN_ENGLISH, ids=str)
def test_no_swedish_on_an_english_page(page: Page) -> None:
    client = Client()
    if page.role:
        person = Person.objects.create_user(f"{page.role}@alvsta.example", name="Eva Ek", title="sekreterare")
        RoleGrant.objects.create(person=person, role=page.role, since=timezone.now())
        client.force_login(person)
    address = page.address()
    # A login link opens in its owner's language, all else in the language of the browser.
    Person.objects.update(language="en")
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    # A request leaves its language set behind it, in this thread; the next test is not to find it.
    with translation.override(settings.LANGUAGE_CODE):
        words = Words(client.get(address, follow=True).content.decode())
    assert words.said
    ours = swedish_words()
    assert not words.said & ours - KEPT
    # Marked as Swedish is also what the policy says, never a word of ours that lacks its English.
    assert not words.swedish & ours - KEPT - of_the_policy()


def of_the_policy() -> set[str]:
    """What the policy says in Swedish: of its grounds and of the guideline, and what the networks are called there."""
    said = {text for row in Ground.objects.values_list("name", "asks") for text in row}
    edition = guideline.newest()
    for section in guideline.sections(edition.text) if edition else ():
        said |= {section.heading, *section.points}
    return said | {network.name for network in NETWORKS.values()}


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_no_words_are_left_unmarked_in_a_template(path: Path) -> None:
    bare = MARKED.sub("", path.read_text(encoding="utf-8"))
    assert not re.findall(r"\w*[åäöÅÄÖ]\w*", bare)
