"""A password that is set or changed: told to its owner, and the browser that did it stays in reach (D21)."""

from __future__ import annotations

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.test import Client
from django.urls import reverse
from django.utils import timezone

import factories
from inbox.support import run
from passkeys import passkey
from uppsikt.notices import jobs
from uppsikt.notices.models import Notice
from uppsikt.organisation import actions, factors, locks
from uppsikt.organisation.rules import Role

pytestmark = pytest.mark.django_db
OLD, NEW = "plogbilen kommer klockan sex", "en helt annan mening här"


def test_a_new_password_is_told_and_its_browser_can_still_be_logged_out() -> None:
    person, client, me = factories.person(Role.OFFICER), Client(), reverse("organisation:me")
    actions.set_password(person, OLD, now=timezone.now())
    client.post(reverse("account_login"), {"login": person.email, "password": OLD})
    client.post(me, {"form": "password", "old": OLD, "new": NEW})
    assert client.get(me).status_code == 200
    factors.end_sessions(person, by=factories.TESTER, now=timezone.now())
    assert client.get(me).status_code == 302
    run(jobs.password_set, person_id=person.pk)
    assert Notice.objects.filter(person=person, kind="login_changed").exists()


def test_d21_with_second_factors_one_shows_who_one_is_before_a_password_is_set() -> None:
    """An open screen is not enough to take an account that is protected by a passkey."""
    person, client, me = factories.person(Role.OFFICER), Client(), reverse("organisation:me")
    passkey(person)
    client.force_login(person)
    assert "Bekräfta vem du är" in client.get(me).content.decode()
    answer = client.post(me, {"form": "password", "new": NEW})
    assert answer["Location"].startswith(f"{reverse('account_reauthenticate')}?next=")
    assert client.get(answer["Location"], follow=True).status_code == 200
    person.refresh_from_db()
    assert not person.has_usable_password()
    code = RecoveryCodes.activate(person).get_unused_codes()[0]
    back = client.post(f"{reverse('mfa_reauthenticate')}?next={me}", {"code": code, "next": me})
    assert back["Location"] == me
    client.post(me, {"form": "password", "new": NEW})
    person.refresh_from_db()
    assert person.check_password(NEW)


def test_wrong_old_passwords_lock_as_at_the_door() -> None:
    person, client, me = factories.person(Role.OFFICER), Client(), reverse("organisation:me")
    actions.set_password(person, OLD, now=timezone.now())
    client.force_login(person)
    for _try in range(locks.MOST):
        client.post(me, {"form": "password", "old": "gissning", "new": NEW})
    assert "efter för många försök" in client.post(me, {"form": "password", "old": OLD, "new": NEW}).content.decode()
    person.refresh_from_db()
    assert person.check_password(OLD)
    assert locks.locked_until(person.email, now=timezone.now())
