"""The standing text: it has room on every network, says what it must in four languages, and is known in other words.

D14 (contact, purpose, how what is written is handled), D66 (languages, plain words), D67 (every part), D68 (rules).
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from register.infotext_rewordings import ALL as REWORDED
from uppsikt.policy.grounds import CRIMES, HOUSE_RULES
from uppsikt.policy.networks import NETWORKS, Network
from uppsikt.register import infotext_languages
from uppsikt.register.infotext_composing import ALWAYS, Facts, TooLong, applies, compose, fields, sentence
from uppsikt.register.infotext_languages import ALL, PARTS, Language
from uppsikt.register.infotext_reading import Known, parts, stem
from uppsikt.register.rules import LANGUAGES, SUBJECTS

HOST = "https://uppsikt.alvsta.example"
PAGE = f"{HOST}/k/127"
FACTS = Facts(
    municipality="Älvsta kommun",
    unit="Kultur- och fritidsenheten",
    network=NETWORKS["facebook"],
    within_days=1,
    page_url=PAGE,
    report_url=f"{HOST}/vara-kanaler/anmal/",
    rules_url=f"{HOST}/vara-kanaler/regler/",
    guideline_url=f"{HOST}/vara-kanaler/riktlinje/",
    opinions_url=f"{HOST}/vara-kanaler/synpunkt/",
    data_protection_url="https://www.alvsta.example/personuppgifter",
    subject="culture",
    purpose="Vi vill att fler hittar till konserter och utställningar",
    email="kultur@alvsta.example",
    phone="0221-100 00",
)
LONG_NAMED = replace(
    FACTS,
    municipality="Upplands Väsby kommun",
    unit="Enheten för ekonomiskt bistånd och försörjningsstöd i norra området",
    purpose="x" * 290,
    email="forsorjningsstod.norra@upplandsvasby.example",
)
NAMELESS = replace(FACTS, email="", phone="", purpose="", subject="")


@pytest.mark.parametrize("language", ALL.values(), ids=lambda one: one.code)
@pytest.mark.parametrize("network", NETWORKS.values(), ids=lambda one: one.code)
def test_the_text_has_room_on_every_network_and_holds_what_it_must(network: Network, language: Language) -> None:
    for facts in (FACTS, LONG_NAMED, NAMELESS):
        here = replace(facts, network=network)
        known = Known(facts.municipality, network.name, (PAGE,))
        for name, most in fields(network):
            said = compose(language, here, most)
            assert network.holds(said.text, most), (name, len(said.text))
            assert set(said.held) | set(said.left) >= set(applies(network))
            if said.left:
                assert set(said.held) >= set(ALWAYS)
            # What the product writes, it also finds.
            assert set(said.held) <= parts(said.text, known) | {"welcome"}
        whole = compose(language, here)
        assert set(applies(network)) <= parts(whole.text, known)
        assert not whole.left


@given(most=st.integers(60, 1500), language=st.sampled_from(LANGUAGES), network=st.sampled_from(sorted(NETWORKS)))
def test_any_room_is_kept_to_or_refused_and_more_room_never_says_less(most: int, language: str, network: str) -> None:
    facts = replace(FACTS, network=NETWORKS[network])
    try:
        said = compose(ALL[language], facts, most)
    except TooLong as error:
        assert error.over > 0
        assert most < 120
        return
    assert len(said.text) <= most
    assert len(compose(ALL[language], facts, most + 400).held) >= len(set(said.held) - {"more"})


def test_no_wording_has_a_hole_or_a_name_that_nobody_fills_in() -> None:
    for language in ALL.values():
        text = compose(language, FACTS).text
        assert not re.search(r"[{}]|  | \.|\.\.", text), text


def test_every_language_has_words_for_every_part_subject_and_rule() -> None:
    for language in ALL.values():
        assert set(language.parts) == set(PARTS)
        assert set(SUBJECTS) <= set(language.subjects)
        assert {"intro", "police", *CRIMES, *HOUSE_RULES} <= set(language.rules)


def test_a_file_that_lacks_a_part_is_refused_by_name() -> None:
    text = (infotext_languages.FOLDER / "fi.toml").read_text(encoding="utf-8")
    with pytest.raises(infotext_languages.Incomplete, match="record"):
        infotext_languages.read("fi", text.replace("[parts.record]", "[parts.tape]"))
    with pytest.raises(infotext_languages.Incomplete, match="within"):
        infotext_languages.read("fi", text.replace("within =", "inside ="))
    with pytest.raises(tomllib.TOMLDecodeError):
        infotext_languages.read("fi", text + "]")


@pytest.mark.parametrize("number", range(len(REWORDED)))
def test_a_fair_rewording_is_accepted_and_what_is_missing_is_named(number: int) -> None:
    text, known = REWORDED[number], Known("Älvsta kommun", "Facebook", (PAGE,))
    wanted = {part for part in PARTS if part != "more"}
    assert parts("\n".join(text.values()), known) >= wanted
    assert parts(" ".join(text.values()), known) >= wanted
    for missing in wanted - {"welcome"}:
        rest = "\n".join(words for part, words in text.items() if part != missing)
        assert wanted - parts(rest, known) == {missing}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Följ oss!",
        "Handlingsplan för en allmän parkering",
        "Vi har öppet. " * 2000,
        "<script>alert('allmän handling')</script" * 10,
        "\0\u202e" * 50,
        "a" * 50_000,
    ],
)
def test_a_text_that_says_nothing_or_is_hostile_holds_next_to_nothing(text: str) -> None:
    assert len(parts(text, Known("Älvsta kommun", "X"))) <= 2


@pytest.mark.parametrize(
    "text",
    [
        "Det du skriver här blir inte allmän handling.",
        "Kommentarer är inga allmänna handlingar.",
        "What you write is not a public record.",
        "Kommentit eivät ole julkisia asiakirjoja.",
    ],
)
def test_a_text_that_says_the_contrary_does_not_say_it(text: str) -> None:
    assert "record" not in parts(text, Known("Älvsta kommun", "X"))


@pytest.mark.parametrize(
    ("name", "begins"),
    [
        ("Älvsta kommun", "älvsta"),
        ("Hallstahammars kommun", "hallstahammar"),
        ("Region Gotland", "gotland"),
        ("Ås", "ås"),
    ],
)
def test_a_name_is_known_with_and_without_its_genitive(name: str, begins: str) -> None:
    assert stem(name) == begins


@pytest.mark.parametrize(
    ("purpose", "said"),
    [("", ""), ("  berätta\nom böcker ", "Berätta om böcker."), ("Vad händer?", "Vad händer?"), ("x" * 400, "")],
)
def test_a_purpose_becomes_a_sentence(purpose: str, said: str) -> None:
    assert sentence(purpose) == said
