"""The pages of templates for answers: own, the unit's, everybody's."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from uppsikt.inbox import reply_templates, rules, tongues
from uppsikt.inbox.desk_models import ReplyTemplate
from uppsikt.inbox.rules import Sort
from uppsikt.kernel.errors import Refused
from uppsikt.organisation.current import person
from uppsikt.organisation.models import Person, Unit
from uppsikt.organisation.rules import STAFF, Role
from uppsikt.ui import feedback
from uppsikt.ui.access import may

KEEPERS = (*STAFF, Role.MANAGER)
OWN, ALL = "min", "alla"
SORTS = [(Sort.FULL.value, gettext_lazy("Svar")), (Sort.HOLDING.value, gettext_lazy("Mellansvar"))]
# These stand open in the form; the others fold away until they are used.
FIRST = ("sv", "sv-latt", "en", "fi")


class TemplateForm(forms.Form):
    """A template: its name, for whom it is, and its text by language."""

    name = forms.CharField(
        label=gettext_lazy("Namn"),
        max_length=80,
        error_messages={"required": gettext_lazy("Ge mallen ett namn som du känner igen.")},
    )
    whose = forms.ChoiceField(label=gettext_lazy("Vem får använda den?"))
    sort = forms.ChoiceField(label=gettext_lazy("Används som"), choices=SORTS)
    words = forms.CharField(
        label=gettext_lazy("Ord som brukar stå i frågan"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Till exempel: öppettider, söndag, stängt. De avgör när mallen föreslås först."),
    )

    def __init__(self, data: Any = None, *, by: Person, template: ReplyTemplate | None = None) -> None:
        super().__init__(data, initial=initial(template))
        self.use_required_attribute = False
        self.units = {f"enhet-{unit.pk}": unit for unit in reply_templates.units_kept(by).order_by("name")}
        choices = [(OWN, _("Bara jag"))]
        choices += [(key, _("Alla i %(unit)s") % {"unit": unit.name}) for key, unit in self.units.items()]
        if reply_templates.may_change(by, owner_id=None, unit_id=None):
            choices.append((ALL, _("Alla i kommunen")))
        self.fields["whose"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField has it
        for code, language in tongues.LANGUAGES.items():
            self.fields[f"text_{code}"] = forms.CharField(
                label=str(language),
                required=False,
                max_length=reply_templates.LONGEST,
                widget=forms.Textarea(attrs={"rows": 6, "lang": "sv" if code == "sv-latt" else code}),
            )

    @property
    def first_texts(self) -> list[forms.BoundField]:
        """The fields of the languages that are used most."""
        return [self[f"text_{code}"] for code in FIRST]

    @property
    def more_texts(self) -> list[forms.BoundField]:
        """The others."""
        return [self[f"text_{code}"] for code in tongues.LANGUAGES if code not in FIRST]

    def owner_and_unit(self, by: Person) -> tuple[Person | None, Unit | None]:
        """For whom the template is to be."""
        whose = self.cleaned_data["whose"]
        return (by if whose == OWN else None), self.units.get(whose)

    def texts(self) -> dict[str, str]:
        """The text by language."""
        return {code: self.cleaned_data[f"text_{code}"] for code in tongues.LANGUAGES}


def initial(template: ReplyTemplate | None) -> dict[str, str]:
    """A template as the form shows it."""
    if template is None:
        return {}
    whose = OWN if template.owner_id else f"enhet-{template.unit_id}" if template.unit_id else ALL
    texts = {f"text_{code}": text for code, text in template.texts.items()}
    return {"name": template.name, "whose": whose, "sort": template.sort, "words": template.words, **texts}


@may(*KEEPERS)
@require_GET
def templates(request: HttpRequest) -> HttpResponse:
    """All that the person may use, and those that a manager keeps for units."""
    who = person(request)
    kept = ReplyTemplate.objects.filter(retired_at=None, unit__in=reply_templates.units_kept(who))
    rows = (reply_templates.usable(who) | kept.select_related("unit")).distinct().order_by("name", "pk")
    groups = [
        (_("Mina"), [row for row in rows if row.owner_id]),
        (_("Enhetens"), [row for row in rows if row.unit_id]),
        (_("Allas"), [row for row in rows if not row.owner_id and not row.unit_id]),
    ]
    listed = [(name, [(row, languages(row), changes(who, row)) for row in found]) for name, found in groups if found]
    return render(request, "inbox/templates.html", {"groups": listed})


def languages(row: ReplyTemplate) -> list[str]:
    """The languages that a template has."""
    return [str(language) for code, language in tongues.LANGUAGES.items() if code in row.texts]


def changes(who: Person, row: ReplyTemplate) -> bool:
    """Whether the person may change it."""
    return reply_templates.may_change(who, owner_id=row.owner_id, unit_id=row.unit_id)


def template_or_404(request: HttpRequest, pk: int) -> ReplyTemplate:
    """A template that the person may use or keeps."""
    who = person(request)
    row = ReplyTemplate.objects.filter(pk=pk, retired_at=None).select_related("unit").first()
    if row is None or not (changes(who, row) or reply_templates.usable(who).filter(pk=pk).exists()):
        raise Http404(_("Mallen finns inte."))
    return row


@may(*KEEPERS)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """A new template."""
    return edit(request, None)


@may(*KEEPERS)
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """A template, with the wordings that it had; a new version where the person keeps it."""
    return edit(request, template_or_404(request, pk))


def edit(request: HttpRequest, template: ReplyTemplate | None) -> HttpResponse:
    """The form, and what it does."""
    who = person(request)
    form = TemplateForm(request.POST or None, by=who, template=template)
    if request.method == "POST" and form.is_valid():
        owner, unit = form.owner_and_unit(who)
        given = form.cleaned_data
        try:
            reply_templates.save(
                template,
                name=given["name"],
                texts=form.texts(),
                sort=Sort(given["sort"]),
                words=given["words"],
                owner=owner,
                unit=unit,
                by=who,
                now=timezone.now(),
            )
        except Refused as refused:
            form.add_error(None, refused.words)
        else:
            feedback.done(request, _("Mallen är sparad."))
            return redirect("inbox:templates")
    context = {
        "form": form,
        "template": template,
        "may_change": template is None or changes(who, template),
        "versions": reply_templates.versions(template) if template else [],
        "fields": [f"{{{name}}}" for name in rules.FIELDS],
    }
    return render(request, "inbox/template.html", context)


@may(*KEEPERS)
@require_POST
def retire(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a template out of use."""
    try:
        reply_templates.retire(template_or_404(request, pk), by=person(request), now=timezone.now())
    except Refused as refused:
        feedback.failed(request, refused.words)
    else:
        feedback.done(request, _("Mallen är borttagen. Svar som började som den finns kvar."))
    return redirect("inbox:templates")
