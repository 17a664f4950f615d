"""What is written in the search box, and what it finds (D18)."""

from __future__ import annotations

from datetime import timedelta

import pytest

import factories
from uppsikt.kernel.errors import Refused
from uppsikt.records import search, vocabulary
from uppsikt.records.models import Item
from uppsikt.records.reading import Reader
from uppsikt.records.search import Asked
from uppsikt.records.suggesting import suggest
from uppsikt.ui.hostile import HIT, HIT_END

pytestmark = pytest.mark.django_db
ALL = Reader(everything=True)
SAID = {
    "lamps": "Lyktorna på Storgatan lyser inte!",
    "joint": "Badet/simhallen stänger.Öppnar 2024-05-01 (e-post: bad@kommun.example) för x<y och z>w",
    "school": "Skolan vid bibliotekets hörn",
    "compound": "Trasiga gatlyktor igen",
    "tea": "Kaffe och te i foajén",
    "nothing": "…",
}


@pytest.fixture
def said() -> dict[str, Item]:
    channel = factories.channel()
    made = {
        name: factories.item(channel, text=text, at=factories.THURSDAY + timedelta(minutes=number))
        for number, (name, text) in enumerate(SAID.items())
    }
    vocabulary.gather()
    return made


FINDS = [
    ("lykta", "lamps"),
    ("LYKTORNA storgatan", "lamps"),
    ("lykta simhall", ""),
    ("lykta or simhall", "lamps joint"),
    ("lykta eller simhall -stänger", "lamps"),
    ("-lykta -kaffe -gatlyktor", "joint school nothing"),
    ('"storgatan lyser inte"', "lamps"),
    ('"storgatan lagas"', ""),
    ('"lyktorna på storgatan"', "lamps"),
    ("”lyser inte”", "lamps"),
    ('"lyser', "lamps"),
    ("simhallen", "joint"),
    ("öppnar", "joint"),
    ("2024-05-01", "joint"),
    ("2024-05-02", ""),
    ("05", "joint"),
    ("e-post", "joint"),
    ("bad@kommun.example", "joint"),
    ("badet/simhallen", "joint"),
    ("y z", "joint"),
    ("skola", "school"),
    ("skolor", "school"),
    ("skolorna", "school"),
    ("skolan", "school"),
    ("bibliotek", "school"),
    ("biblioteket", "school"),
    ("bibliotekens", "school"),
    ('"bibliotek"', ""),
    ("badet", "joint"),
    ("bad", "joint"),
    ("biblio*", "school"),
    ("bibliotekets*", "school"),
    ("lykto*", "lamps"),
    ("gatlykto*", "compound"),
    ("*lykt*", "lamps compound"),
    ("*lykto*", "lamps compound"),
    ("*lyktor*", "lamps compound"),
    ("*hörnet*", ""),
    ("-*lykt* -te -skola", "joint nothing"),
    ('"gatlyktor igen"', "compound"),
    ('"trasiga gatlykt*"', "compound"),
    ('"gatlykt* trasiga"', ""),
    ("kaffe och te", "tea"),
    ("foaje\u0301n", "tea"),
    ("kaf\u00adfe", "tea"),
    ("or kaffe or", "tea"),
    ("'; DROP TABLE -- kaffe", ""),
    ("kaffe \\' & | ! <-> :*", "tea"),
    ("", "lamps joint school compound tea nothing"),
]


def test_d18_words_find_what_holds_them(said: dict[str, Item]) -> None:
    names = {item.pk: name for name, item in said.items()}
    for words, wanted in FINDS:
        found = {names[item.pk] for item in search.find(Asked(words), ALL).rows}
        assert found == set(wanted.split()), words
        assert search.count(Asked(words), ALL) == search.Count(len(found), exact=True), words


FORMS = (
    "hus huset husets husen husens",
    "möte mötet mötets möten mötena",
    "bibliotek biblioteket bibliotekets biblioteken",
    "bio bion bions",
    "kö kön köns",
    "skola skolan skolans skolor skolorna skolornas",
    "gatlykta gatlyktan gatlyktor gatlyktorna",
    "projekt projektet projektets projekten",
    "cykel cykeln cykelns",
    "fråga frågan frågor frågorna",
    "avlopp avloppet",
    "plogning plogningen plogningens",
)


def test_d18_a_word_is_found_in_all_its_forms() -> None:
    channel = factories.channel()
    factories.items(channel, [factories.captured(text=word) for line in FORMS for word in line.split()])
    for line in FORMS:
        for word in line.split():
            found = {item.words.replace(HIT, "").replace(HIT_END, "") for item in search.find(Asked(word), ALL).rows}
            assert found >= set(line.split()), word
            assert len(found) <= len(line.split()) + 1, word
    assert search.count(Asked("internet"), ALL).number == 0


def test_d18_every_wording_is_found_and_the_newest_is_shown(said: dict[str, Item]) -> None:
    lamps = said["lamps"]
    factories.item(lamps.channel, native_id=lamps.native_id, text="Nu är det lagat")
    assert [item.pk for item in search.find(Asked("lykta lagat"), ALL).rows] == [lamps.pk]
    assert search.find(Asked("lykta"), ALL).rows[0].words == "Nu är det lagat"


def test_d18_no_phrase_goes_from_one_text_into_the_next(said: dict[str, Item]) -> None:
    channel = factories.channel()
    factories.item(channel, native_id="p", title="Rubrikens slut", text="Början av texten")
    assert search.find(Asked('"rubrikens slut"'), ALL).rows
    assert not search.find(Asked('"slut början"'), ALL).rows


def test_d18_hits_are_marked(said: dict[str, Item]) -> None:
    words = search.find(Asked("lykta stor*"), ALL).rows[0].words
    assert words == f"{HIT}Lyktorna{HIT_END} på {HIT}Storgatan{HIT_END} lyser inte!"
    long = factories.item(factories.channel(), text="ord " * 900 + "Lyktorna lyser " + "ord " * 900)
    words = next(item.words for item in search.find(Asked("lykta"), ALL).rows if item.pk == long.pk)
    assert words.startswith("… ord")
    assert f"{HIT}Lyktorna{HIT_END} lyser" in words
    assert len(words) < 400


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("och att", "only_common"),
        ("…", "no_words"),
        ('""', "no_words"),
        ("ord " * 10_000, "too_long"),
        (" ".join(str(n) for n in range(100)), "too_many_words"),
        ("a*", "too_short"),
        ("*ab*", "too_short"),
    ],
)
def test_what_cannot_be_sought_is_told_in_words(words: str, code: str) -> None:
    for ask in (search.find, search.count):
        with pytest.raises(Refused) as refused:
            ask(Asked(words), ALL)
        assert refused.value.code == code
        assert refused.value.words
    assert suggest(words, ALL) == []


def test_a_nul_is_a_space(said: dict[str, Item]) -> None:
    assert len(search.find(Asked("kaffe\0foajén"), ALL).rows) == 1


def test_a_misspelt_word_gets_a_suggestion_that_finds_something(said: dict[str, Item]) -> None:
    assert suggest("bibliotket hörn", ALL)[0] == "bibliotekets hörn"
    assert suggest("storgtan", ALL) == ["storgatan"]
    assert suggest("lyktor", ALL) == [], "what is found needs no other word"
    assert suggest("simhal", ALL)[0] == "simhallen"
    assert suggest("trasi lykta", ALL) == [], "no suggestion that finds nothing as a whole"
    assert suggest("qqqqqq", ALL) == []


def test_a_word_in_secret_records_is_not_suggested_to_those_who_may_not_read_them(said: dict[str, Item]) -> None:
    Item.objects.filter(pk=said["school"].pk).update(secret=True)
    for words in ("bibliotket", "bibliotek*", "*bliotek*", "skola", "hörn"):
        assert suggest(words, Reader()) == []
        assert not search.find(Asked(words), Reader()).rows
        assert search.count(Asked(words), Reader()).number == 0
    allowed = Reader(channels=frozenset({said["school"].channel_id}))
    assert suggest("bibliotket", allowed) == ["bibliotekets"]
    assert len(search.find(Asked("bibliotek"), allowed).rows) == 1
