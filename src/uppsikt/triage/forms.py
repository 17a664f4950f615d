"""What staff say of an item."""

from __future__ import annotations

from django import forms


class JudgeForm(forms.Form):
    """A ground ("" for nothing to remark), and whether it holds."""

    ground = forms.CharField(required=False, max_length=40)
    agreed = forms.TypedChoiceField(choices=(("ja", "ja"), ("nej", "nej")), coerce=lambda word: word == "ja")
    next = forms.CharField(required=False, max_length=300)
