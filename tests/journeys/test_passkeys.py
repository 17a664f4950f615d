"""A passkey in a real browser, with Chromium's own virtual authenticator: added, used alone, removed."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator
from django.utils import timezone

import factories
from journeys.fixtures import OpenTab
from uppsikt.organisation import actions
from uppsikt.organisation.rules import Role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
RIGHT = "plogbilen kommer klockan sex"


def test_a_passkey_is_added_and_then_opens_the_door_alone(open_tab: OpenTab) -> None:
    person = factories.person(Role.OFFICER, name="Åsa Öberg")
    actions.set_password(person, RIGHT, now=timezone.now())
    tab = open_tab()
    # Browsers give passkeys to names, not to numbers.
    tab.address = tab.address.replace("127.0.0.1", "localhost")
    session = tab.page.context.new_cdp_session(tab.page)
    session.send("WebAuthn.enable")
    session.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    page = tab.open("/logga-in/")
    page.get_by_label("E-post").fill(person.email)
    page.get_by_label("Lösenord", exact=True).fill(RIGHT)
    page.get_by_role("button", name="Logga in", exact=True).click()
    page.wait_for_url("**/localhost:*/")
    page = tab.open("/organisation/mitt-konto/sakerhet/")
    page.get_by_role("link", name="Lägg till en passnyckel").click()
    page.get_by_label("Lösenord", exact=True).fill(RIGHT)
    page.get_by_role("button", name="Fortsätt").click()
    page.get_by_label("Namn, så att du känner igen den").fill("Min dator")
    page.get_by_label("Låt den räcka för att logga in").check()
    page.get_by_role("button", name="Lägg till").click()
    page.get_by_role("heading", name="Reservkoder").wait_for()
    assert Authenticator.objects.filter(user=person, type="webauthn").count() == 1
    tab.open("/organisation/mitt-konto/sakerhet/").get_by_text("Min dator").wait_for()
    assert tab.axe() == []

    tab.page.context.clear_cookies()
    page = tab.open("/logga-in/")
    page.get_by_role("button", name="Logga in med passnyckel").click()
    page.get_by_role("heading", name="Idag").wait_for()

    page = tab.open("/organisation/mitt-konto/sakerhet/")
    page.get_by_role("link", name="Ta bort").click()
    page.get_by_role("button", name="Ta bort").click()
    page.get_by_role("heading", name="Säkerhet").wait_for()
    assert not Authenticator.objects.filter(user=person, type="webauthn").exists()


def test_a_key_that_says_no_is_told_and_the_other_ways_stay(open_tab: OpenTab) -> None:
    tab = open_tab()
    tab.address = tab.address.replace("127.0.0.1", "localhost")
    tab.page.add_init_script(
        "navigator.credentials.get = async () => { throw new DOMException('', 'NotAllowedError'); }"
    )
    page = tab.open("/logga-in/")
    page.get_by_role("button", name="Logga in med passnyckel").click()
    page.get_by_text("Det gick inte. Webbläsaren eller nyckeln sa nej.").wait_for()
    assert page.get_by_label("Lösenord", exact=True).is_visible()
