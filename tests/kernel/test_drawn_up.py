"""What is drawn up once answers each asking as the query itself would."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

import factories
from uppsikt.channels import queries
from uppsikt.channels.rules import Act
from uppsikt.kernel.drawn_up import DrawnUp
from uppsikt.organisation.models import Person
from uppsikt.policy.guideline_models import Edition


@pytest.mark.django_db
def test_each_asking_is_answered_for_its_own_person_and_moment_as_if_it_were_drawn_anew() -> None:
    now = factories.THURSDAY
    first, second = factories.channel(name="Ett", now=now), factories.channel(name="Två", now=now)
    both, none = factories.officer(first, name="Båda"), factories.person(name="Ingen", now=now)
    factories.mandate(both, second, Act.ANSWER, Act.HIDE, since=now)
    seen = []
    for person in (both, none, factories.officer(second, name="En"), both):
        for at in (now - timedelta(days=400), now, now + timedelta(days=400)):
            anew = list(queries.held_with_all_around(person=person.pk, at=at))
            with CaptureQueriesContext(connection) as asked:
                assert queries.holding(person, at=at) == anew
            assert len(asked) == 1
            seen.append(len(anew))
    assert seen == [0, 2, 0, 0, 0, 0, 0, 1, 0, 0, 2, 0]
    row = queries.holding(both, at=now)[0]
    assert (row["channel__network"], row["opens"], row["said"]) == (first.network, True, True)
    assert [row["due"]] == list(Edition.objects.values_list("due_at", flat=True))
    assert all(len(taken) == 2 for taken in row["courses"])


@pytest.mark.django_db
def test_a_stand_in_that_is_not_in_the_query_as_it_is_is_found_when_it_is_drawn() -> None:
    never = datetime(1, 2, 3, tzinfo=UTC)
    lost = DrawnUp(lambda pk, at: Person.objects.filter(pk=pk).values("name"), pk=-5, at=never)
    with pytest.raises(ValueError, match="at"):
        lost.ask(pk=1, at=never)
