"""A password that is set or changed: told to its owner, and the browser that did it stays in reach (D21)."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

import factories
from inbox.support import run
from uppsikt.notices import jobs
from uppsikt.notices.models import Notice
from uppsikt.organisation import actions, factors
from uppsikt.organisation.rules import Role

pytestmark = pytest.mark.django_db
OLD, NEW = "plogbilen kommer klockan sex", "en helt annan mening här"


def test_a_new_password_is_told_and_its_browser_can_still_be_logged_out(settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    person, client, me = factories.person(Role.OFFICER), Client(), reverse("organisation:me")
    actions.set_password(person, OLD, now=timezone.now())
    client.post(reverse("account_login"), {"login": person.email, "password": OLD})
    client.post(me, {"form": "password", "old": OLD, "new": NEW})
    assert client.get(me).status_code == 200
    factors.end_sessions(person, by=factories.TESTER, now=timezone.now())
    assert client.get(me).status_code == 302
    run(jobs.password_set, person_id=person.pk)
    assert Notice.objects.filter(person=person, kind="login_changed").exists()
