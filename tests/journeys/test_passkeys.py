"""A passkey in a real browser, with Chromium's own virtual authenticator: added, used alone, removed."""

from __future__ import annotations

from typing import Any, ClassVar

import pytest
from allauth.mfa.models import Authenticator
from django.utils import timezone

import factories
from journeys.browser import Tab
from journeys.fixtures import OpenTab
from uppsikt.organisation import actions
from uppsikt.organisation.rules import Role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
RIGHT = "plogbilen kommer klockan sex"


class Finger:
    """Chromium's virtual authenticator. It lives with the page's process, so each page gets it anew with its keys."""

    OPTIONS: ClassVar = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }

    def __init__(self, tab: Tab) -> None:
        self.tab = tab
        self.credentials: list[dict[str, Any]] = []

    def ready(self) -> None:
        """Have it here, with what it has been given on pages before."""
        session = self.tab.page.context.new_cdp_session(self.tab.page)
        session.on("WebAuthn.credentialAdded", lambda told: self.credentials.append(told["credential"]))
        session.send("WebAuthn.enable")
        made = session.send("WebAuthn.addVirtualAuthenticator", {"options": self.OPTIONS})["authenticatorId"]
        for credential in list(self.credentials):
            session.send("WebAuthn.addCredential", {"authenticatorId": made, "credential": credential})


def test_a_passkey_is_added_and_then_opens_the_door_alone(open_tab: OpenTab) -> None:
    person = factories.person(Role.OFFICER, name="Åsa Öberg")
    actions.set_password(person, RIGHT, now=timezone.now())
    tab = open_tab()
    # Browsers give passkeys to names, not to numbers.
    tab.address = tab.address.replace("127.0.0.1", "localhost")
    finger = Finger(tab)
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
    finger.ready()
    page.get_by_role("button", name="Lägg till").click()
    page.get_by_role("heading", name="Reservkoder").wait_for()
    assert finger.credentials[0]["isResidentCredential"], "it is enough by itself"
    assert Authenticator.objects.filter(user=person, type="webauthn").count() == 1
    tab.open("/organisation/mitt-konto/sakerhet/").get_by_text("Min dator").wait_for()
    assert tab.axe() == []

    tab.page.context.clear_cookies()
    page = tab.open("/logga-in/")
    finger.ready()
    page.get_by_role("button", name="Logga in med passnyckel").click()
    page.get_by_role("heading", name="Idag").wait_for()

    page = tab.open("/organisation/mitt-konto/sakerhet/")
    page.get_by_role("link", name="Ta bort").click()
    page.get_by_label("Lösenord", exact=True).fill(RIGHT)
    page.get_by_role("button", name="Fortsätt").click()
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
