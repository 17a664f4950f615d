"""One's own security: second factors, passkeys, recovery codes, and the browsers where one is logged in.

allauth does what is hard; here its views get our addresses, our rules and a line in the trail, and their owner is told.
"""

from __future__ import annotations

import functools
from typing import Any, cast

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as keys
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from uppsikt.notices import actions as notices
from uppsikt.notices import words as notice_words
from uppsikt.organisation import current, factors, locks, queries
from uppsikt.organisation.models import Person
from uppsikt.organisation.rules import Role
from uppsikt.ui import feedback
from uppsikt.ui.access import RuledView, View, everyone, may, signed_in


@signed_in
@require_GET
@never_cache
def security(request: HttpRequest) -> HttpResponse:
    """What protects one's account."""
    person = current.person(request)
    rows = [
        (row, notice_words.browser(row.user_agent), row.session_key == request.session.session_key)
        for row in factors.sessions(person)
    ]
    return render(request, "web/security.html", {"held": factors.factors(person), "sessions": rows})


@signed_in
@require_GET
def keys_list(request: HttpRequest) -> HttpResponse:
    """Where allauth leads after a key was changed: they stand on the page of one's security."""
    return redirect("mfa_index")


@signed_in
@require_POST
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    """Log out of another browser."""
    person = current.person(request)
    factors.end_session(person, pk, by=person.doer, now=timezone.now())
    feedback.done(request, _("Utloggad därifrån."))
    return redirect("mfa_index")


@signed_in
@require_POST
def end_others(request: HttpRequest) -> HttpResponse:
    """Log out of all browsers but this one."""
    person = current.person(request)
    factors.end_sessions(person, by=person.doer, now=timezone.now(), but=request.session.session_key or "")
    feedback.done(request, _("Du är utloggad överallt utom här."))
    return redirect("mfa_index")


@may(Role.ADMINISTRATOR)
@require_POST
def reset_factors(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody has lost telephone or key: the next login is by link alone, and all browsers are logged out."""
    person = get_object_or_404(Person, pk=pk)
    factors.reset(person, by=current.person(request).doer, now=timezone.now())
    notices.tell_of_login_change(person, now=timezone.now())
    feedback.done(request, _("Tvåstegsinloggningen är borttagen och %(name)s är utloggad.") % {"name": person.name})
    return redirect(queries.address(person))


@may(Role.ADMINISTRATOR)
@require_POST
def unlock(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a locked account before its time."""
    person = get_object_or_404(Person, pk=pk)
    locks.unlock(person, by=current.person(request).doer, now=timezone.now())
    feedback.done(request, _("Inloggningen är upplåst."))
    return redirect(queries.address(person))


def noted(view: View) -> View:
    """A view of allauth's that may change factors, with the change in the trail and its owner told."""

    @functools.wraps(view)
    def run(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method != "POST":
            return view(request, *args, **kwargs)
        person = current.person(request)
        # A change and the line that tells of it are there together, or neither.
        with transaction.atomic():
            before = factors.marks(person)
            answer = view(request, *args, **kwargs)
            if factors.note_change(person, before, by=person.doer, now=timezone.now()):
                notices.tell_of_login_change(person, now=timezone.now())
        return answer

    return run


def own(view: Any) -> RuledView:
    """For whoever is logged in; nothing of it stays in a browser's or proxy's memory, nor in an error report."""
    hidden = sensitive_post_parameters()(never_cache(noted(view)))
    return signed_in(hidden)


MINE = "organisation/mitt-konto/sakerhet/"
AGAIN = "organisation/mitt-konto/bekrafta/"
# allauth looks for these by name.
urlpatterns = [
    path(MINE, security, name="mfa_index"),
    path(f"{MINE}utloggning/", end_others, name="security_end_others"),
    path(f"{MINE}utloggning/<int:pk>/", end_session, name="security_end_session"),
    path(f"{MINE}app/", own(totp.activate_totp), name="mfa_activate_totp"),
    path(f"{MINE}app/bort/", own(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path(f"{MINE}koder/", own(codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path(f"{MINE}koder/nya/", own(codes.generate_recovery_codes), name="mfa_generate_recovery_codes"),
    path(f"{MINE}koder/fil/", own(codes.download_recovery_codes), name="mfa_download_recovery_codes"),
    path(f"{MINE}nycklar/", keys_list, name="mfa_list_webauthn"),
    path(f"{MINE}nyckel/", own(keys.add_webauthn), name="mfa_add_webauthn"),
    path(f"{MINE}nyckel/<int:pk>/", own(keys.edit_webauthn), name="mfa_edit_webauthn"),
    path(f"{MINE}nyckel/<int:pk>/bort/", own(keys.remove_webauthn), name="mfa_remove_webauthn"),
    path(AGAIN, own(account.reauthenticate), name="account_reauthenticate"),
    path(f"{AGAIN}kod/", own(mfa.reauthenticate), name="mfa_reauthenticate"),
    path(f"{AGAIN}nyckel/", own(keys.reauthenticate_webauthn), name="mfa_reauthenticate_webauthn"),
    path("logga-in/kod/", everyone(cast("View", mfa.authenticate)), name="mfa_authenticate"),
    path("logga-in/nyckel/", everyone(cast("View", keys.login_webauthn)), name="mfa_login_webauthn"),
    path("organisation/personer/<int:pk>/tvasteg-bort/", reset_factors, name="security_reset_factors"),
    path("organisation/personer/<int:pk>/las-upp/", unlock, name="security_unlock"),
]
