"""D45, D46: a removal is disposal and rests on a decision, which says who decided, when, and what it covers."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

import factories
from uppsikt.organisation.rules import Role
from uppsikt.policy import queries
from uppsikt.policy.models import DisposalDecision

pytestmark = pytest.mark.django_db


def test_d45_nothing_is_decided_until_the_municipality_has_decided_it() -> None:
    assert queries.disposal_decisions() == []
    client = Client()
    client.force_login(factories.person(Role.OFFICER))
    assert "Inget gallringsbeslut än" in client.get(reverse("policy:disposal_decisions")).content.decode()


def test_d45_everybody_reads_who_decided_when_and_what_it_covers() -> None:
    factories.disposal_decision()
    client = Client()
    client.force_login(factories.person(Role.OFFICER))
    page = client.get(reverse("policy:disposal_decisions")).content.decode()
    for part in ("KS 2026-14", "Kommunstyrelsen", "14 januari 2026", "när bevis är sparat."):
        assert part in page


def test_d46_a_move_to_another_medium_has_decisions_of_its_own() -> None:
    moved = factories.disposal_decision("KS 2026/200", scope="moved")
    assert queries.disposal_decisions(covers="moved") == [moved]
    assert queries.disposal_decisions(covers="received") == []


def test_d45_a_decision_without_number_or_decider_is_none() -> None:
    row = factories.disposal_decision()
    for broken in ({"number": ""}, {"decided_by": ""}, {"text": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            DisposalDecision.objects.filter(pk=row.pk).update(**broken)
