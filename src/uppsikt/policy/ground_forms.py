"""Forms for grounds and disposal decisions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from uppsikt.policy.models import DisposalDecision, Ground

WHY = gettext_lazy("Skäl och beslut, till exempel dnr. Det sparas i spåret.")
# A ground is read by somebody in a hurry and by the one whose words were removed.
SHORT = 1_000


class GroundForm(forms.ModelForm[Ground]):
    """What a ground says, and why it is changed."""

    reason = forms.CharField(label=gettext_lazy("Varför ändras grunden?"), max_length=500, help_text=WHY)

    class Meta:
        model = Ground
        fields = ("name", "law", "text", "example", "allowed", "needs_reason", "asks")
        widgets = {  # noqa: RUF012  # Django's way
            name: forms.Textarea(attrs={"maxlength": SHORT, "rows": 3}) for name in ("text", "example", "allowed")
        }
        help_texts = {  # noqa: RUF012  # Django's way
            "text": gettext_lazy("Klarspråk. Beskriv vad inlägget gör, aldrig vilken åsikt det har."),
            "allowed": gettext_lazy("Det som liknar men får stå kvar, så att grunden inte används för brett."),
            "asks": gettext_lazy("Till exempel: Vem angrips, och varför är det inte kritik i sak?"),
        }

    def __init__(self, data: Any = None, *, instance: Ground | None = None, locked: bool = False) -> None:
        super().__init__(data, instance=instance)
        if locked:
            # A disabled field keeps the value that it has, whatever is sent.
            self.fields["needs_reason"].disabled = True


class DisposalDecisionForm(forms.ModelForm[DisposalDecision]):
    """A decision's number, who made it and when, and what it covers."""

    reason = forms.CharField(
        label=gettext_lazy("Anteckning"), max_length=500, required=False, help_text=gettext_lazy("Det sparas i spåret.")
    )

    class Meta:
        model = DisposalDecision
        fields = ("number", "name", "decided_by", "decided_on", "standing", "scope", "text")
        widgets = {  # noqa: RUF012  # Django's way
            "decided_on": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "text": forms.Textarea(attrs={"maxlength": SHORT, "rows": 3}),
        }
        help_texts = {  # noqa: RUF012  # Django's way
            "number": gettext_lazy("Till exempel KS 2026/123 § 45, eller raden i dokumenthanteringsplanen."),
            "standing": gettext_lazy("Gäller tills vidare. Utan kryss gäller beslutet ett enda tillfälle."),
            "text": gettext_lazy("Vilka inlägg och kommentarer, i vilka fall, och hur de bevaras."),
        }


class WhyForm(forms.Form):
    """Why something ends."""

    reason = forms.CharField(label=gettext_lazy("Varför?"), max_length=500, help_text=WHY)
