"""Forms for people, roles, contact persons and the tree."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from uppsikt.kernel.errors import Refused
from uppsikt.organisation import locks, words
from uppsikt.organisation.models import Board, Department, Person, Unit
from uppsikt.organisation.rules import Role
from uppsikt.ui import names


class UnitField(forms.ModelChoiceField[Unit]):
    """A unit, told with its department, since two may bear one name."""

    def __init__(self, **more: Any) -> None:
        more.setdefault("label", _("Enhet"))
        super().__init__(queryset=names.in_order(Unit.objects.select_related("department")), **more)

    def label_from_instance(self, obj: Unit) -> str:
        """Unit and department."""
        return f"{obj.name} ({obj.department.name})"


class PersonField(forms.CharField):
    """A person, chosen by e-mail address: a list of all would be long, and would tell a screen reader nothing.

    Suggestions come from a <datalist id="people"> that the template fills.
    """

    default_error_messages = {  # noqa: RUF012  # Django's way
        "nobody": _("Ingen har den e-postadressen. Sök upp personen under Organisation, eller lägg till hen där.")
    }

    def __init__(self, **more: Any) -> None:
        attributes = {"autocomplete": "off", "inputmode": "email", "list": "people"}
        super().__init__(max_length=254, widget=forms.TextInput(attrs=attributes), **more)

    def clean(self, value: Any) -> Any:
        """The person. Raises ValidationError where nobody has the address."""
        email = super().clean(value)
        if not email:
            return None
        person = Person.objects.filter(email__iexact=email, is_active=True).select_related("unit").first()
        if person is None:
            raise forms.ValidationError(self.error_messages["nobody"], code="nobody")
        return person


class PersonForm(forms.Form):
    """Somebody who works here."""

    email = forms.EmailField(label=_("E-postadress"), max_length=254)
    name = forms.CharField(label=_("Namn"), max_length=120)
    title = forms.CharField(label=_("Titel"), max_length=120, required=False, help_text=_("Står under personens svar."))
    unit = UnitField(required=False, help_text=_("Står under personens svar."))


class ChangePersonForm(forms.Form):
    """What may be changed of somebody who is here already."""

    name = forms.CharField(label=_("Namn"), max_length=120)
    title = forms.CharField(label=_("Titel"), max_length=120, required=False)
    unit = UnitField(required=False)
    phone = forms.CharField(label=_("Telefon"), max_length=40, required=False)
    is_active = forms.BooleanField(
        label=_("Får logga in"),
        required=False,
        help_text=_("Den som slutar tas inte bort. Det som personen har gjort ska gå att följa."),
    )


class RoleForm(forms.Form):
    """A role to give."""

    role = forms.ChoiceField(label=_("Roll"), choices=[(role.value, words.ROLES[role.value]) for role in Role])
    unit = UnitField(required=False, empty_label=_("Alla enheter"))


class ContactForm(forms.Form):
    """A contact person for a department (D4)."""

    person = PersonField(label=_("Person"), help_text=_("Personens e-postadress."))
    matter = forms.CharField(
        label=_("Frågor om"), max_length=200, required=False, help_text=_("Lämna tomt om personen svarar på allt.")
    )
    rank = forms.IntegerField(
        label=_("Nummer i ordningen"),
        min_value=1,
        max_value=99,
        initial=1,
        help_text=_("Den med lägst nummer frågas först."),
    )


class BranchForm(forms.Form):
    """A new board, department or unit."""

    name = forms.CharField(label=_("Namn"), max_length=120)


class DepartmentForm(BranchForm):
    """A department under a board."""

    under = forms.ModelChoiceField(label=_("Nämnd"), queryset=Board.objects.order_by("name"))


class UnitForm(BranchForm):
    """A unit under a department."""

    under = forms.ModelChoiceField(label=_("Förvaltning"), queryset=Department.objects.order_by("name"))


class MeForm(forms.Form):
    """What somebody decides about themselves."""

    language = forms.ChoiceField(label=_("Språk"), choices=settings.LANGUAGES)
    phone = forms.CharField(label=_("Telefon"), max_length=40, required=False)


class PasswordForm(forms.Form):
    """A password of one's own; the old one is asked for where there is one."""

    old = forms.CharField(
        label=_("Nuvarande lösenord"),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        strip=False,
    )
    new = forms.CharField(
        label=_("Nytt lösenord"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False,
        help_text=_("Minst 12 tecken. En mening som bara du tänker på går bra."),
    )

    def __init__(self, *args: Any, person: Person, **more: Any) -> None:
        super().__init__(*args, **more)
        self.person = person
        if not person.has_usable_password():
            del self.fields["old"]

    def clean_old(self) -> str:
        """It is the one that holds now."""
        old: str = self.cleaned_data["old"]
        # Guesses at an open screen count as those at the door do.
        try:
            locks.check(self.person.email, now=timezone.now())
        except Refused as refused:
            raise forms.ValidationError(refused.words, code=refused.code) from refused
        if not self.person.check_password(old):
            locks.failed(self.person.email, now=timezone.now())
            raise forms.ValidationError(_("Det är inte ditt nuvarande lösenord."))
        return old

    def clean_new(self) -> str:
        """It is not one that is easily guessed."""
        new: str = self.cleaned_data["new"]
        validate_password(new, self.person)
        return new
