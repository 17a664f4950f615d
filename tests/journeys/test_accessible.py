"""Every page, light and dark, wide and narrow: axe-core finds nothing, nothing must be scrolled sideways (D66)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils import timezone

from journeys.browser import Tab
from journeys.pages import PAGES, Page
from uppsikt.organisation.models import Person, RoleGrant

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def somebody(role: str) -> Person:
    """A person with one role for all units."""
    person = Person.objects.create_user(f"{role}@alvsta.example", name="Eva Ek", title="Handläggare")
    RoleGrant.objects.create(person=person, role=role, since=timezone.now())
    return person


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_d66_page_is_accessible(page: Page, open_tab: Callable[..., Tab]) -> None:
    person = somebody(page.role) if page.role else None
    address, wrong = page.address(), []
    for size in ("wide", "narrow"):
        for scheme in ("light", "dark"):
            tab = open_tab(person=person, size=size, scheme=scheme)
            shown = tab.open(address)
            assert shown.title()
            tab.shot(f"{str(page).replace(':', '-')}-{size}-{scheme}", full=True)
            wrong += [f"{size} {scheme}: {line}" for line in (*tab.axe(), *tab.overflow())]
    assert not wrong, "\n".join(wrong)
