"""The contact roster: whom to ask at each department (D4)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from uppsikt.kernel.errors import Refused
from uppsikt.organisation import actions, current, forms, queries
from uppsikt.organisation.models import Contact, Department, Person
from uppsikt.organisation.rules import Role
from uppsikt.ui import feedback, names
from uppsikt.ui.access import may, signed_in


@signed_in
@require_GET
def contacts(request: HttpRequest) -> HttpResponse:
    """The roster, department by department; a department without anybody is a gap."""
    person = current.person(request)
    by_department: dict[int, list[Contact]] = {}
    for contact in queries.contacts():
        by_department.setdefault(contact.department_id, []).append(contact)
    departments = names.in_order(Department.objects.all())
    kept = set(queries.rosters_kept(person).values_list("pk", flat=True))
    rows = [(each, by_department.get(each.pk, []), each.pk in kept) for each in departments]
    gaps = sum(not found for _department, found, _keeps in rows)
    return render(request, "organisation/contacts.html", {"rows": rows, "gaps": gaps})


def keeper(request: HttpRequest, department: Department) -> Person:
    """Who asks. Raises Refused where the roster is another's to keep."""
    person = current.person(request)
    if not queries.rosters_kept(person).filter(pk=department.pk).exists():
        raise Refused(
            "not_yours", _("Listan för %(name)s sköts av dess chefer och kommunikationsenheten.") % {"name": department}
        )
    return person


@may(Role.COMMUNICATIONS, Role.MANAGER)
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """Name a contact person."""
    department = get_object_or_404(Department, pk=pk)
    person = keeper(request, department)
    form = forms.ContactForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.add_contact(department=department, **form.cleaned_data, by=person.doer, now=timezone.now())
        feedback.done(request, _("%(name)s står nu på listan.") % {"name": form.cleaned_data["person"].name})
        return redirect("organisation:contacts")
    context = {
        "form": form,
        "title": _("Ny kontaktperson"),
        "about": department.name,
        "people": queries.suggestions(department.units.first()),
        "back": "organisation:contacts",
    }
    return render(request, "organisation/form.html", context)


@may(Role.COMMUNICATIONS, Role.MANAGER)
@require_POST
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Take somebody off the roster."""
    contact = get_object_or_404(Contact.objects.select_related("department", "person"), pk=pk)
    person = keeper(request, contact.department)
    actions.drop_contact(contact, by=person.doer, now=timezone.now())
    feedback.done(request, _("%(name)s står inte längre på listan.") % {"name": contact.person.name})
    return redirect("organisation:contacts")
