"""What is written on a case's page and on the expert's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from uppsikt.inbox import words
from uppsikt.organisation.models import Person

LONGEST = 20_000


class Own(forms.Form):
    """A form among others on a page: its fields' ids begin with its name."""

    name: ClassVar[str] = ""

    def __init__(self, data: Any = None, *, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, auto_id=f"{self.name}_%s", initial=initial)
        # The browser must not stop a form before our own words can say what is missing.
        self.use_required_attribute = False


def text_field(label: Any, *, missing: Any, rows: int = 6, **more: Any) -> forms.CharField:
    """A field for running text; NUL is stripped by Django, length is capped."""
    return forms.CharField(
        label=label,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": missing},
        **more,
    )


class Seen(Own):
    """A form that says what its writer had read: `actions.mark` of the case."""

    seen = forms.CharField(required=False, max_length=80, widget=forms.HiddenInput)


class AnswerForm(Seen):
    """A full answer, in one's own name or in an expert's."""

    name = "answer"
    text = text_field(gettext_lazy("Ditt svar"), missing=gettext_lazy("Skriv ett svar först."))
    forward = forms.IntegerField(required=False, widget=forms.HiddenInput)
    # Where an answer that was put on the network by hand can be seen.
    address = forms.URLField(
        label=gettext_lazy("Länk till svaret på nätet"),
        max_length=2000,
        required=False,
        assume_scheme="https",
        error_messages={"invalid": gettext_lazy("Skriv hela adressen, till exempel https://natet.se/svar.")},
    )
    template = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)


class HoldForm(Seen):
    """A holding answer (D38)."""

    name = "hold"
    text = text_field(gettext_lazy("Mellansvar"), missing=gettext_lazy("Skriv ett mellansvar först."), rows=5)
    template = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)


class ForwardForm(Own):
    """To whom a question goes (D37): a contact person, somebody found by name, or any e-mail address."""

    name = "forward"
    person = forms.ModelChoiceField(
        Person.objects.filter(is_active=True),
        required=False,
        label=gettext_lazy("Skicka till"),
        error_messages={"invalid_choice": gettext_lazy("Personen finns inte längre. Välj någon annan.")},
    )
    email = forms.EmailField(
        required=False,
        label=gettext_lazy("Eller till en e-postadress"),
        error_messages={"invalid": gettext_lazy("Skriv en fullständig e-postadress, till exempel anna.ek@foretag.se.")},
    )
    to_name = forms.CharField(required=False, max_length=120, label=gettext_lazy("Mottagarens namn"))
    language = forms.ChoiceField(
        choices=settings.LANGUAGES, required=False, label=gettext_lazy("Språk i mejlet"), initial="sv"
    )
    question = text_field(gettext_lazy("Din fråga till den sakkunniga"), missing="", rows=3, required=False)

    def clean(self) -> dict[str, Any]:
        """One receiver, not two and not none."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        if cleaned.get("person") and cleaned.get("email"):
            self.add_error("email", _("Välj antingen en person i listan eller en e-postadress, inte båda."))
        elif not cleaned.get("person") and not cleaned.get("email"):
            self.add_error("person", _("Välj vem frågan ska till, eller skriv en e-postadress."))
        return cleaned


class AssignForm(Own):
    """Which colleague gets the case."""

    name = "assign"
    to = forms.ModelChoiceField(
        Person.objects.none(),
        label=gettext_lazy("Lämna över till"),
        empty_label=gettext_lazy("Välj kollega"),
        error_messages={
            "required": gettext_lazy("Välj en kollega."),
            "invalid_choice": gettext_lazy("Kollegan saknar uppdrag i kanalen. Välj någon annan."),
        },
    )

    with_draft = forms.BooleanField(
        label=gettext_lazy("Låt kollegan läsa mitt påbörjade svar och fortsätta på det"), required=False
    )

    def __init__(self, data: Any = None, *, colleagues: Any = None) -> None:
        super().__init__(data)
        if colleagues is not None:
            self.fields["to"].queryset = colleagues  # type: ignore[attr-defined]  # a ModelChoiceField has it


class EndForm(Seen):
    """Why a case ends without an answer: a choice, more words, or both."""

    choices: ClassVar[Mapping[str, Promise]] = {}
    reason = forms.ChoiceField(
        label=gettext_lazy("Skäl"),
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Välj ett skäl."),
            "invalid_choice": gettext_lazy("Välj ett av skälen i listan."),
        },
    )
    more = text_field(gettext_lazy("Mer om skälet"), missing="", rows=2, required=False)

    def __init__(self, data: Any = None, *, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        self.fields["reason"].choices = list(self.choices.items())  # type: ignore[attr-defined]  # a ChoiceField has it

    def clean(self) -> dict[str, Any]:
        """Another reason must be told; `words` is the reason as it is kept."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        chosen, more = cleaned.get("reason"), cleaned.get("more", "")
        if chosen == words.OTHER and not more:
            self.add_error("more", _("Skriv vilket skäl."))
        elif chosen:
            # What is kept is Swedish, whatever language the page has.
            with translation.override("sv"):
                own = "" if chosen == words.OTHER else str(self.choices[chosen])
            cleaned["words"] = ": ".join(filter(None, (own, more)))
        return cleaned


class NoAnswerForm(EndForm):
    """No answer is needed."""

    name = "no_answer"
    choices = words.NO_ANSWER_REASONS


class ManyForm(NoAnswerForm):
    """The same, of many cases at once."""

    name = "many"


class PassOnForm(EndForm):
    """To ordinary case handling."""

    name = "pass_on"
    choices = words.PASS_ON_REASONS


class NoteForm(Own):
    """A note to colleagues."""

    name = "note"
    text = text_field(gettext_lazy("Ny anteckning"), missing=gettext_lazy("Skriv något i anteckningen först."), rows=2)


class ReopenForm(Own):
    """Why a case is opened again."""

    name = "reopen"
    reason = forms.CharField(
        label=gettext_lazy("Varför öppnas ärendet igen?"),
        max_length=500,
        error_messages={"required": gettext_lazy("Skriv varför ärendet öppnas igen.")},
    )


class ExpertForm(Own):
    """The expert's answer and what it is signed with (D36)."""

    name = "expert"
    text = text_field(gettext_lazy("Ditt svar"), missing=gettext_lazy("Skriv ditt svar först."), rows=9)
    who = forms.CharField(
        label=gettext_lazy("Namn"),
        max_length=120,
        error_messages={"required": gettext_lazy("Skriv ditt namn. Svaret undertecknas.")},
    )
    title = forms.CharField(
        label=gettext_lazy("Titel"),
        max_length=120,
        error_messages={"required": gettext_lazy("Skriv din titel. Svaret undertecknas.")},
    )
    unit = forms.CharField(
        label=gettext_lazy("Enhet"),
        max_length=120,
        error_messages={"required": gettext_lazy("Skriv din enhet. Svaret undertecknas.")},
    )


class HandBackForm(Own):
    """Why the question is somebody else's."""

    name = "back"
    reason = text_field(
        gettext_lazy("Varför, och vem vet mer?"),
        missing=gettext_lazy("Skriv varför, och gärna vem som vet mer."),
        rows=3,
    )


def by_name(forms_used: Iterable[Own]) -> dict[str, Own]:
    """Forms as a template finds them."""
    return {form.name: form for form in forms_used}
