"""The guided form of an order, a step at a time, and what is written when somebody decides (D9, D10).

A step may be saved with holes: what is missing is said when the order is to be sent.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from uppsikt.channels.models import Channel
from uppsikt.organisation.forms import PersonField, UnitField
from uppsikt.organisation.models import Person
from uppsikt.policy.networks import NETWORKS
from uppsikt.register import order_rules, order_words, words
from uppsikt.register.order_models import Order
from uppsikt.register.rules import SUBJECTS
from uppsikt.ui import names

# Not accounts that one orders: practice and what is handed over by hand.
NOT_ORDERED = frozenset({"practice", "handed_over"})
LONG = 4000


def long_text(label: Any, help_text: Any) -> forms.CharField:
    """A field of several lines."""
    return forms.CharField(
        label=label, help_text=help_text, required=False, max_length=LONG, widget=forms.Textarea(attrs={"rows": 4})
    )


class StepForm(forms.Form):
    """One step. Nothing in it must be filled in to save it."""

    is_filter = True

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.use_required_attribute = False

    @classmethod
    def of(cls, order: Order) -> dict[str, Any]:
        """What the order says already, for the form to begin with."""
        told = {name: getattr(order, name) for name in cls.base_fields}
        return {name: value.email if isinstance(value, Person) else value for name, value in told.items()}


class AccountForm(StepForm):
    """Which account, on which network."""

    unit = UnitField(label=_("Enhet"), required=False, help_text=_("Enheten som ska ansvara för kontot."))
    network = forms.ChoiceField(label=_("Nät"), required=False)
    name = forms.CharField(
        label=_("Kontots namn"),
        required=False,
        max_length=160,
        help_text=_("Kommunens och enhetens namn ska synas i namnet, till exempel: Biblioteken i Älvsta kommun."),
    )
    subject = forms.ChoiceField(label=_("Vad kontot handlar om"), required=False)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        first = [("", _("Välj"))]
        rows = sorted(
            ((one.code, one.name) for one in NETWORKS.values() if one.code not in NOT_ORDERED),
            key=lambda row: names.sort_key(row[1]),
        )
        self.fields["network"].choices = [*first, *rows]  # type: ignore[attr-defined]
        self.fields["subject"].choices = [*first, *((code, words.subject(code)) for code in SUBJECTS)]  # type: ignore[attr-defined]


class NeedForm(StepForm):
    """What for and for whom (D9)."""

    purpose = long_text(_("Syfte"), _("Varför ska kontot finnas? Vad får invånarna ut av det?"))
    goals = long_text(_("Mål"), _("Vad vill ni uppnå, och hur märker ni om ett år att det har gått bra?"))
    audience = long_text(_("Målgrupp"), _("Vilka vill ni nå? Finns de på det här nätet?"))
    languages = forms.MultipleChoiceField(
        label=_("Språk"),
        required=False,
        choices=list(order_words.LANGUAGES.items()),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("De språk som kontots informationstext ska finnas på."),
    )


class CentralForm(StepForm):
    """Why the central account does not do (D9)."""

    why_not_central = long_text(
        _("Varför den centrala kanalen inte räcker"),
        _(
            "Kommunens gemensamma kanaler når många redan i dag, och sköts åt er. Skriv vad som ändå talar för ett "
            "eget konto."
        ),
    )


class UpkeepForm(StepForm):
    """Who keeps it up, with how many hours, and how to reach them (D9, D11, D14)."""

    responsible = PersonField(
        label=_("Ansvarig administratör"), required=False, help_text=_("E-postadressen. Chefen bekräftar valet.")
    )
    second = PersonField(
        label=_("Andra administratör"),
        required=False,
        help_text=_("Kontot ska ha minst två från enheten. Kommunikationsenheten ska också vara administratör."),
    )
    hours_a_week = forms.DecimalField(
        label=_("Timmar i veckan"),
        required=False,
        min_value=0,
        max_value=order_rules.MOST_HOURS,
        decimal_places=1,
        localize=True,
        help_text=_("Den tid som ni har för att skriva, svara och se efter vad som sägs."),
    )
    days_between_posts = forms.IntegerField(
        label=_("Högst så många dagar mellan inlägg"), required=False, min_value=1, max_value=order_rules.MOST_DAYS
    )
    upkeep = long_text(_("Hur kontot sköts"), _("Till exempel vem som täcker vid semester och sjukdom."))
    contact_email = forms.EmailField(
        label=_("E-post för kontakt"),
        required=False,
        help_text=_("Minst en kontaktväg ska stå på kontot. Gärna enhetens, inte en persons."),
    )
    contact_phone = forms.CharField(label=_("Telefon för kontakt"), required=False, max_length=40)
    contact_page = forms.URLField(
        label=_("Webbsida för kontakt"), required=False, max_length=500, assume_scheme="https"
    )


class TermsForm(StepForm):
    """The network's own terms (D29)."""

    terms_read = forms.BooleanField(
        label=_("Vi har läst nätets villkor, och kontot blir kommunens. Det är inte någons personliga konto."),
        required=False,
    )


FORMS: dict[str, type[StepForm]] = {
    "account": AccountForm,
    "need": NeedForm,
    "central": CentralForm,
    "upkeep": UpkeepForm,
    "terms": TermsForm,
}


class CentralField(forms.ModelChoiceField[Channel]):
    """A central account."""

    def label_from_instance(self, obj: Channel) -> str:
        """Name and network."""
        return f"{obj.name} ({order_words.network(obj.network)})"


# When a reason is needed, by the state of what is decided.
REASONS = {
    "sent": _("Behövs när du avslår eller ber om mer. Den som beställde får läsa det."),
    "consulting": _("Behövs när du har något emot kontot. Chefen och den som beställde får läsa det."),
    "proposed": _("Behövs när du håller fast vid ett eget konto eller avslår."),
    "approved": _("Behövs när du tar tillbaka beställningen."),
}


class DecideForm(forms.Form):
    """What somebody says when they decide, and the central account where one is proposed."""

    # Which of them is needed hangs on the button that is pressed.
    is_filter = True

    reason = forms.CharField(label=_("Varför"), required=False, max_length=2000, widget=forms.Textarea)
    central = CentralField(
        label=_("Central kanal"),
        queryset=Channel.objects.none(),
        required=False,
        empty_label=_("Ingen vald"),
        help_text=_("Välj en när du föreslår att den används i stället."),
    )

    def __init__(self, *args: Any, central: Any = None, state: str = "", **more: Any) -> None:
        super().__init__(*args, **more)
        self.use_required_attribute = False
        self.fields["reason"].help_text = REASONS.get(state, "")
        if central is None:
            del self.fields["central"]
        else:
            self.fields["central"].queryset = central  # type: ignore[attr-defined]


class AddressForm(forms.Form):
    """Where the account is, once it has been made on the network."""

    address = forms.URLField(
        label=_("Kontots adress"),
        max_length=500,
        assume_scheme="https",
        help_text=_("Som den står i webbläsaren när du tittar på kontot."),
    )
    handle = forms.CharField(label=_("Användarnamn på nätet"), required=False, max_length=160)


class LaunchForm(forms.Form):
    """Where a part of the launch can be seen."""

    address = forms.URLField(label=_("Adress där det syns"), required=False, max_length=500, assume_scheme="https")
