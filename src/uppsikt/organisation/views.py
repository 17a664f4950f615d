"""The organisation's pages: the tree, people and their roles, and one's own account."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast
from urllib.parse import urlencode

from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import update_session_auth_hash
from django.db.models import Prefetch, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from uppsikt.kernel.errors import Refused
from uppsikt.organisation import actions, current, factors, forms, queries, tree
from uppsikt.organisation.login import YEAR
from uppsikt.organisation.models import Board, Department, Person, RoleGrant, Unit
from uppsikt.organisation.rules import Role
from uppsikt.ui import feedback, names
from uppsikt.ui.access import may, signed_in


@signed_in
@require_GET
def units(request: HttpRequest) -> HttpResponse:
    """Boards, their departments, and their units (D5)."""
    under = names.in_order(Department.objects.prefetch_related(Prefetch("units", names.in_order(Unit.objects.all()))))
    boards = names.in_order(Board.objects.prefetch_related(Prefetch("departments", under)))
    gaps = set(queries.departments_without_contact().values_list("pk", flat=True))
    context = {"boards": boards, "gaps": gaps, "changes": Role.ADMINISTRATOR in current.person(request).roles}
    return render(request, "organisation/units.html", context)


def _add_board(data: dict[str, Any], **how: Any) -> None:
    tree.add_board(name=data["name"], **how)


def _add_department(data: dict[str, Any], **how: Any) -> None:
    tree.add_department(name=data["name"], board=data["under"], **how)


def _add_unit(data: dict[str, Any], **how: Any) -> None:
    tree.add_unit(name=data["name"], department=data["under"], **how)


SORTS: dict[str, tuple[type[forms.BranchForm], Callable[..., None]]] = {
    "namnd": (forms.BranchForm, _add_board),
    "forvaltning": (forms.DepartmentForm, _add_department),
    "enhet": (forms.UnitForm, _add_unit),
}
BRANCHES: dict[str, type[Board] | type[Department] | type[Unit]] = {
    "namnd": Board,
    "forvaltning": Department,
    "enhet": Unit,
}


def titles() -> dict[str, str]:
    """What a new one of each sort is called."""
    return {"namnd": _("Ny nämnd"), "forvaltning": _("Ny förvaltning"), "enhet": _("Ny enhet")}


@may(Role.ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
def add_branch(request: HttpRequest, sort: str) -> HttpResponse:
    """A new board, department or unit."""
    if sort not in SORTS:
        raise Http404
    made, add = SORTS[sort]
    form = made(request.POST or None, initial={"under": request.GET.get("under")})
    if request.method == "POST" and form.is_valid():
        try:
            add(form.cleaned_data, by=current.person(request).doer, now=timezone.now())
        except Refused as refused:
            form.add_error("name", refused.words)
        else:
            feedback.done(request, _("%(name)s är tillagd.") % {"name": form.cleaned_data["name"]})
            return redirect("organisation:units")
    return render(request, "organisation/form.html", {"form": form, "title": titles()[sort]})


@may(Role.ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
def rename(request: HttpRequest, sort: str, pk: int) -> HttpResponse:
    """Another name for a board, department or unit."""
    if sort not in BRANCHES:
        raise Http404
    branch = cast("tree.Branch", get_object_or_404(BRANCHES[sort], pk=pk))
    form = forms.BranchForm(request.POST or None, initial={"name": branch.name})
    if request.method == "POST" and form.is_valid():
        try:
            tree.rename(branch, form.cleaned_data["name"], by=current.person(request).doer, now=timezone.now())
        except Refused as refused:
            form.add_error("name", refused.words)
        else:
            feedback.done(request, _("Namnet är ändrat."))
            return redirect("organisation:units")
    return render(request, "organisation/form.html", {"form": form, "title": _("Byt namn")})


@signed_in
@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """Everybody, by name; searched by name, title, e-mail and unit."""
    words = request.GET.get("namn", "").replace("\0", "").strip()[:100]
    role = request.GET.get("roll", "")
    rows = queries.search_people(words).select_related("unit__department")
    if role in set(Role):
        rows = rows.filter(pk__in=RoleGrant.objects.in_force(timezone.now()).filter(role=role).values("person_id"))
    grants = RoleGrant.objects.in_force(timezone.now()).select_related("unit").order_by("id")
    page = names.page(request, rows.prefetch_related(Prefetch("grants", grants, to_attr="held")))
    context = {
        "page": page,
        "words": words,
        "role": role,
        "roles": queries.role_words(),
        "narrowed": bool(words or role),
        "changes": Role.ADMINISTRATOR in current.person(request).roles,
    }
    return render(request, "organisation/people.html", context)


@may(Role.ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
def add_person(request: HttpRequest) -> HttpResponse:
    """Take somebody in; they log in by one-time link."""
    form = forms.PersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            person = actions.add_person(**form.cleaned_data, by=current.person(request).doer, now=timezone.now())
        except Refused as refused:
            form.add_error("email", refused.words)
        else:
            feedback.done(request, _("%(name)s är tillagd. Ge en roll härnäst.") % {"name": person.name})
            return redirect(queries.address(person))
    return render(request, "organisation/form.html", {"form": form, "title": _("Ny person")})


@may(Role.ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
def change_person(request: HttpRequest, pk: int) -> HttpResponse:
    """Change somebody's name, title, unit, phone, or whether they may log in."""
    person = get_object_or_404(Person, pk=pk)
    now = {name: getattr(person, name) for name in ("name", "title", "unit", "phone", "is_active")}
    form = forms.ChangePersonForm(request.POST or None, initial=now)
    if request.method == "POST" and form.is_valid():
        if person == current.person(request) and not form.cleaned_data["is_active"]:
            form.add_error("is_active", _("Du kan inte stänga av dig själv. Be en annan systemadministratör."))
        else:
            actions.change_person(person, by=current.person(request).doer, now=timezone.now(), **form.cleaned_data)
            feedback.done(request, _("Uppgifterna är ändrade."))
            return redirect(queries.address(person))
    return render(
        request, "organisation/form.html", {"form": form, "title": _("Ändra uppgifter"), "about": person.name}
    )


@may(Role.ADMINISTRATOR)
@require_http_methods(["GET", "POST"])
def give_role(request: HttpRequest, pk: int) -> HttpResponse:
    """Give somebody a role, on a unit or for all."""
    person = get_object_or_404(Person, pk=pk)
    form = forms.RoleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        role = Role(form.cleaned_data["role"])
        unit = form.cleaned_data["unit"]
        actions.give_role(person=person, role=role, unit=unit, by=current.person(request).doer, now=timezone.now())
        feedback.done(request, _("%(name)s har fått rollen.") % {"name": person.name})
        return redirect(queries.address(person))
    context = {"form": form, "person": person, "roles": queries.role_words()}
    return render(request, "organisation/give_role.html", context)


@may(Role.ADMINISTRATOR)
@require_POST
def end_role(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a role back."""
    held = RoleGrant.objects.select_related("person").filter(Q(until=None) | Q(until__gt=timezone.now()))
    grant = get_object_or_404(held, pk=pk)
    actions.end_role(grant, by=current.person(request).doer, now=timezone.now())
    feedback.done(request, _("Rollen är återtagen."))
    return redirect(queries.address(grant.person))


@signed_in
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def me(request: HttpRequest) -> HttpResponse:
    """One's own account: language, phone, password."""
    person = current.person(request)
    which = request.POST.get("form", "")
    mine = forms.MeForm(
        request.POST if which == "me" else None, initial={"language": person.language, "phone": person.phone}
    )
    password = forms.PasswordForm(request.POST if which == "password" else None, person=person)
    if which == "me" and mine.is_valid():
        actions.change_person(person, by=person.doer, now=timezone.now(), **mine.cleaned_data)
        feedback.done(request, _("Sparat."))
        response = redirect("organisation:me")
        secure = settings.SESSION_COOKIE_SECURE
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, person.language, max_age=YEAR, secure=secure, httponly=True, samesite="Lax"
        )
        return response
    confirm = confirm_first(request, person)
    if which == "password" and confirm:
        return redirect(confirm)
    if which == "password" and password.is_valid():
        actions.set_password(person, password.cleaned_data["new"], now=timezone.now())
        update_session_auth_hash(request, person)
        # The session has another key from here on: under that one it is listed, and can be ended.
        UserSession.objects.create_from_request(request)
        feedback.done(request, _("Ditt nya lösenord gäller nu. Andra webbläsare där du var inloggad är utloggade."))
        return redirect("organisation:me")
    context = {"mine": mine, "password": password, "person": person, "confirm": confirm}
    return render(request, "organisation/me.html", context)


def confirm_first(request: HttpRequest, person: Person) -> str:
    """Where somebody with second factors shows that it is they, before a password is set; "" once they have.

    An open screen is enough to set one otherwise, and with it the account is another's.
    """
    if not factors.marks(person) or did_recently_reauthenticate(request):
        return ""
    return f"{reverse('account_reauthenticate')}?{urlencode({'next': reverse('organisation:me')})}"
