"""Second factors, recovery codes and sessions, through the pages, with the trail and the notice to their owner."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse
from django.utils import timezone

import factories
from passkeys import passkey
from uppsikt.kernel import trail
from uppsikt.notices.models import Notice
from uppsikt.organisation import actions
from uppsikt.organisation.models import Person
from uppsikt.organisation.rules import Role

pytestmark = pytest.mark.django_db
RIGHT = "plogbilen kommer klockan sex"


@pytest.fixture
def person() -> Person:
    """Somebody with a password."""
    made = factories.person(Role.OFFICER)
    actions.set_password(made, RIGHT, now=timezone.now())
    return made


def code_for(secret: str) -> str:
    """What an authenticator app shows now."""
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def log_in(person: Person, client: Client | None = None) -> Client:
    """Log in by password as far as that goes."""
    client = client or Client()
    client.post(reverse("account_login"), {"login": person.email, "password": RIGHT})
    return client


def switch_on(client: Client) -> str:
    """Switch on codes from an app; returns the secret."""
    asked = client.get(reverse("mfa_activate_totp"))
    assert "/bekrafta/" in asked["Location"], "it is asked who one is before anything is changed"
    client.post(asked["Location"], {"password": RIGHT})
    page = client.get(reverse("mfa_activate_totp"))
    secret: str = page.context["form"].secret
    assert page.context["totp_svg_data_uri"].startswith("data:image/svg+xml")
    answer = client.post(reverse("mfa_activate_totp"), {"code": code_for(secret)})
    assert answer.status_code == 302, answer.content.decode()
    return secret


def steps(person: Person) -> list[str]:
    return list(trail.steps_of(person).values_list("name", flat=True))


def is_in(client: Client) -> bool:
    """Whether the pages open."""
    return client.get("/").status_code == 200


def test_a_code_from_an_app_is_asked_for_from_then_on(person: Person) -> None:
    secret = switch_on(log_in(person))
    assert {"add_totp", "add_recovery_codes"} <= set(steps(person))
    assert Notice.objects.get(person=person).kind == "login_changed"
    client = log_in(person)
    assert not is_in(client)
    wrong = client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert wrong.status_code == 200
    assert not is_in(client)
    # A code is good once: the app's next one is another, so the one just used is forgotten here.
    from_app = code_for(secret)
    client.post(reverse("mfa_authenticate"), {"code": from_app})
    if not is_in(client):
        codes = Authenticator.objects.get(user=person, type="recovery_codes").wrap().get_unused_codes()
        client.post(reverse("mfa_authenticate"), {"code": codes[0]})
    assert is_in(client)


def test_a_link_by_e_mail_does_not_pass_the_second_step_by(person: Person) -> None:
    switch_on(log_in(person))
    token = actions.make_login_link(person, minutes=5, by=factories.TESTER, now=timezone.now())
    client = Client()
    client.post(reverse("login_link_use", args=[token]))
    assert not is_in(client)
    assert client.get(reverse("mfa_authenticate")).status_code == 200


def test_a_recovery_code_is_good_once(person: Person) -> None:
    switch_on(log_in(person))
    code = Authenticator.objects.get(user=person, type="recovery_codes").wrap().get_unused_codes()[0]
    first, second = log_in(person), log_in(person)
    first.post(reverse("mfa_authenticate"), {"code": code})
    second.post(reverse("mfa_authenticate"), {"code": code})
    assert (is_in(first), is_in(second)) == (True, False)


def test_codes_are_not_guessed_for_long(person: Person) -> None:
    switch_on(log_in(person))
    client = log_in(person)
    for number in range(12):
        page = client.post(reverse("mfa_authenticate"), {"code": f"{number:06}"}).content.decode()
    assert "många" in page or "försök" in page.lower()
    assert not is_in(client)


def test_the_secret_lies_locked_in_the_database(person: Person) -> None:
    secret = switch_on(log_in(person))
    assert secret not in str(list(Authenticator.objects.values()))


def test_with_another_key_no_code_fits_and_nothing_breaks(person: Person, settings: Any) -> None:
    secret = switch_on(log_in(person))
    settings.CREDENTIALS_KEY = "en annan nyckel"
    client = log_in(person)
    assert client.post(reverse("mfa_authenticate"), {"code": code_for(secret)}).status_code == 200
    assert not is_in(client)


def test_who_has_lost_the_telephone_is_helped_by_an_administrator(person: Person) -> None:
    theirs = log_in(person)
    switch_on(theirs)
    admin = Client()
    admin.force_login(factories.person(Role.ADMINISTRATOR))
    page = admin.get(reverse("web:person", args=[person.pk])).content.decode()
    assert "Ta bort tvåstegsinloggningen" in page
    admin.post(reverse("security_reset_factors", args=[person.pk]))
    assert not Authenticator.objects.filter(user=person).exists()
    assert not is_in(theirs)
    assert "reset_factors" in steps(person)
    assert is_in(log_in(person))


def test_switching_off_asks_who_one_is_and_is_told(person: Person) -> None:
    client = log_in(person)
    switch_on(client)
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": 0}]
    session.save()
    answer = client.post(reverse("mfa_deactivate_totp"))
    assert "/bekrafta/" in answer["Location"]
    assert Authenticator.objects.filter(user=person, type="totp").exists()
    client.post(answer["Location"], {"password": RIGHT})
    client.post(reverse("mfa_deactivate_totp"))
    assert not Authenticator.objects.filter(user=person, type="totp").exists()
    assert "drop_totp" in steps(person)


def test_sessions_are_listed_and_ended(person: Person) -> None:
    here, there = log_in(person), Client(headers={"User-Agent": "Mozilla/5.0 (Android 15) Firefox/140.0"})
    log_in(person, there)
    page = here.get(reverse("mfa_index")).content.decode()
    assert "Firefox på Android" in page
    assert "Den här" in page
    other = UserSession.objects.get(user_agent__contains="Android")
    here.post(reverse("security_end_session", args=[other.pk]))
    assert (is_in(here), is_in(there)) == (True, False)
    log_in(person, there)
    here.post(reverse("security_end_others"))
    assert (is_in(here), is_in(there)) == (True, False)


def test_nobody_ends_a_colleague_s_session(person: Person) -> None:
    theirs = log_in(person)
    client = Client()
    client.force_login(factories.person(Role.OFFICER))
    answer = client.post(reverse("security_end_session", args=[UserSession.objects.get(user=person).pk]))
    assert answer.status_code == 409
    assert is_in(theirs)


def test_nobody_changes_a_colleague_s_passkey(person: Person) -> None:
    key = passkey(person)
    client = Client()
    client.force_login(factories.person(Role.OFFICER))
    assert client.post(reverse("mfa_remove_webauthn", args=[key.pk])).status_code == 404
    assert client.post(reverse("mfa_edit_webauthn", args=[key.pk]), {"name": "Min"}).status_code == 404
    assert Authenticator.objects.filter(pk=key.pk).exists()
