"""The list of pages that the browser looks at is whole."""

from __future__ import annotations

import pytest

import test_access as access
from journeys.pages import PAGES
from uppsikt.organisation.rules import Role


@pytest.mark.django_db
@pytest.mark.parametrize("who", [access.VISITOR, Role.ADMINISTRATOR, Role.COMMUNICATIONS, Role.MANAGER, Role.OFFICER])
def test_d66_no_page_is_forgotten(who: str) -> None:
    """Whatever address answers a plain look with a page stands in PAGES (see the walk in tests/test_access.py)."""
    made = access.world(who)
    forgotten = set()
    for name in access.ALL.keys() - {page.url_name for page in PAGES}:
        answer = access.logged_in(made).get(made.address(name))
        if answer.status_code == 200 and b"<html" in b"".join(answer):
            forgotten.add(name)
    assert not forgotten, "journeys/pages.py must name them"
