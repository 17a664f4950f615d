"""D32, D33: whom the accounts like and follow, by kind of party; noted before, and read from the network."""

from __future__ import annotations

from itertools import product

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

import factories
from uppsikt.channels.rules import Act
from uppsikt.kernel.errors import Refused
from uppsikt.organisation.rules import Role
from uppsikt.register import relations
from uppsikt.register.models import Relation
from uppsikt.register.relation_rules import Kind, Party, Verdict, verdict

NOW = factories.THURSDAY
BOTH = frozenset({"like", "follow"})
TIE = "Driver hembygdsgården i Älvsta"
# The guideline, written out by hand: who may be liked at once, who with a tie, who never.
LIKED = {"own", "municipality", "authority"}
TIED = {"association", "culture", "project"}
NEVER = {"company", "political", "private"}


def test_d32_every_party_is_judged_as_the_guideline_says() -> None:
    assert {party.value for party in Party} == LIKED | TIED | NEVER
    for party in Party:
        with_tie = verdict(Kind.LIKE, party, tie=TIE, allows=BOTH)
        without = verdict(Kind.LIKE, party, tie="", allows=BOTH)
        if party.value in LIKED:
            assert (with_tie, without) == (Verdict.FINE, Verdict.FINE), party
        elif party.value in TIED:
            assert (with_tie, without) == (Verdict.FINE, Verdict.TIE), party
        else:
            assert (with_tie, without) == (Verdict.NOT_LIKED, Verdict.NOT_LIKED), party
        # To follow is not to take sides.
        assert verdict(Kind.FOLLOW, party, tie="", allows=BOTH) is Verdict.FINE, party


@given(st.sampled_from(Kind), st.sampled_from(Party), st.text(max_size=40), st.frozensets(st.sampled_from(list(BOTH))))
def test_d32_nothing_is_fine_that_the_network_has_not_and_no_tie_makes_an_enemy(
    kind: Kind, party: Party, tie: str, allows: frozenset[str]
) -> None:
    found = verdict(kind, party, tie=tie, allows=allows)
    assert (found is Verdict.UNKNOWN_THERE) == (kind.value not in allows)
    if found is Verdict.FINE:
        # More words of a tie never make it worse.
        assert verdict(kind, party, tie=tie + TIE, allows=allows) is Verdict.FINE
        assert kind is Kind.FOLLOW or party.value not in NEVER
    if found is Verdict.TIE:
        assert verdict(kind, party, tie=TIE, allows=allows) is Verdict.FINE


@pytest.mark.django_db
def test_d32_a_relation_is_noted_by_those_who_publish_and_held_to_the_rules() -> None:
    channel = factories.channel()
    who, unit = factories.person(Role.OFFICER), factories.person(Role.COMMUNICATIONS)
    asked = {"channel": channel, "name": "Hembygdsföreningen", "address": "https://natet.example/hembygd", "now": NOW}

    def code(by: object, kind: Kind = Kind.LIKE, party: Party = Party.ASSOCIATION, tie: str = TIE) -> str:
        try:
            relations.note(kind=kind, party=party, tie=tie, by=by, **asked)  # type: ignore[arg-type]
        except Refused as refused:
            return refused.code
        return ""

    assert code(who) == "no_mandate"
    factories.mandate(who, channel, Act.ANSWER)
    assert code(who) == "no_mandate"
    factories.mandate(who, channel, Act.PUBLISH)
    assert code(who, tie="ja") == "tie"
    assert code(who, party=Party.COMPANY) == "not_liked"
    assert not Relation.objects.exists()
    assert code(who) == ""
    assert code(unit) == "there_already"
    assert code(unit, kind=Kind.FOLLOW, party=Party.POLITICAL, tie="") == ""
    assert [relations.fault(row) for row in relations.of(channel)] == ["", ""]


@pytest.mark.django_db
def test_d32_what_the_network_tells_is_taken_in_asked_about_and_ended_when_it_is_gone() -> None:
    channel, unit = factories.channel(), factories.person(Role.COMMUNICATIONS)
    noted = relations.note(
        channel=channel, kind=Kind.FOLLOW, party=Party.AUTHORITY, name="SMHI", address="https://natet.example/smhi",
        tie="", by=unit, now=NOW,
    )  # fmt: skip
    told = [(Kind.FOLLOW, "SMHI", "https://natet.example/smhi"), (Kind.LIKE, "Bolaget AB", "https://natet.example/ab")]
    assert relations.seen(channel, told, by=factories.TESTER, now=NOW) == (1, 0)
    assert relations.seen(channel, told, by=factories.TESTER, now=NOW) == (0, 0)
    company = Relation.objects.get(name="Bolaget AB")
    assert relations.fault(company) == "unsaid"
    # It is there already: what is true is kept, and the guideline's no is told of as a fault.
    assert relations.fault(relations.say(company, party=Party.COMPANY, tie="", by=unit, now=NOW)) == "not_liked"
    assert relations.fault(relations.say(company, party=Party.PROJECT, tie="", by=unit, now=NOW)) == "tie"
    relations.say(company, party=Party.PROJECT, tie=TIE, by=unit, now=NOW)
    assert relations.fault(Relation.objects.get(pk=company.pk)) == ""
    assert relations.seen(channel, [], by=factories.TESTER, now=NOW) == (0, 2)
    noted.refresh_from_db()
    assert noted.state == "ended"
    with pytest.raises(Refused):
        relations.end(noted, by=unit, now=NOW)


@pytest.mark.django_db
def test_d32_what_is_read_is_known_again_however_its_address_is_written_and_nothing_ends_unseen() -> None:
    channel, unit = factories.channel(), factories.person(Role.COMMUNICATIONS)
    own = factories.channel(name="Badhuset", address="https://natet.example/@badhuset")
    noted = relations.note(
        channel=channel, kind=Kind.LIKE, party=Party.CULTURE, name="Teatern", address="https://teatern.example",
        tie=TIE, by=unit, now=NOW,
    )  # fmt: skip
    with pytest.raises(Refused) as refused:
        relations.note(
            channel=channel, kind=Kind.LIKE, party=Party.CULTURE, name="Teatern igen",
            address="http://www.Teatern.example/#om", tie=TIE, by=unit, now=NOW,
        )  # fmt: skip
    assert refused.value.code == "there_already"
    theatre, ours = (Kind.LIKE, "Teatern", "http://www.teatern.example/"), (Kind.LIKE, "Bad", f"{own.address}/")
    told = [theatre, ours, (Kind.FOLLOW, " ", "https://natet.example/ny"), (Kind.LIKE, "x", f"https://x/{'y' * 600}")]
    assert relations.seen(channel, told, by=factories.TESTER, now=NOW) == (2, 0)
    rows = {row.address: row for row in relations.of(channel)}
    assert {address: (row.party, relations.fault(row)) for address, row in rows.items()} == {
        "https://teatern.example": ("culture", ""),
        f"{own.address}/": ("own", ""),  # our own channels are known without anybody saying it
        "https://natet.example/ny": ("", ""),  # whoever it is may be followed
    }
    assert rows["https://natet.example/ny"].name == "https://natet.example/ny"
    # A network that shows a part of it ends nothing; one that shows nothing ends all that it has shown.
    assert relations.seen(channel, [], whole=False, by=factories.TESTER, now=NOW) == (0, 0)
    assert relations.seen(channel, [], by=factories.TESTER, now=NOW) == (0, 3)
    # There again the next night: what was said of it stands.
    assert relations.seen(channel, [theatre], by=factories.TESTER, now=NOW) == (1, 0)
    again = relations.of(channel).get()
    assert (again.pk != noted.pk, again.party, again.tie, relations.fault(again)) == (True, "culture", TIE, "")


@pytest.mark.django_db
def test_d32_the_list_of_what_to_judge_holds_what_has_a_fault() -> None:
    channel, client = factories.channel(network="facebook"), Client()
    rows = [
        Relation(channel=channel, kind=kind.value, party=party, tie=tie, since=NOW, name="x", address=f"https://x/{n}")
        for n, (kind, party, tie) in enumerate(product(Kind, ["", *Party], ["", " kort tie ", TIE]))
    ]
    Relation.objects.bulk_create(rows)
    found = set(relations.to_judge(relations.of(channel)))
    assert found == {row for row in relations.of(channel) if relations.fault(row)}
    client.force_login(factories.person(Role.COMMUNICATIONS))
    for shown, number in (("bedom", len(found)), ("osagt", 6)):
        page = client.get(reverse("register:relations"), {"visa": shown, "konto": str(channel.pk)}).content.decode()
        assert page.count('<tr><th scope="row">') == number
    company = next(row for row in found if row.party == "company")
    said = client.post(
        reverse("register:say_relation", args=[company.pk]), {"party": "company", "tie": ""}, follow=True
    )
    assert "gillar inte företag" in said.content.decode()
    assert said.redirect_chain == [(reverse("register:relations") + "?visa=bedom", 302)]
