"""The form for how the municipality looks."""

from __future__ import annotations

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from uppsikt.kernel.errors import Refused
from uppsikt.ui.logos import media_type
from uppsikt.ui.models import LOGO_BYTES, Appearance


class AppearanceForm(forms.ModelForm[Appearance]):
    """Name, colour and logo."""

    logo = forms.FileField(
        label=_("Vapen eller logotyp"),
        required=False,
        help_text=_("PNG, WebP eller SVG, högst 200 kB. Visas i höjd med namnet överst på varje sida."),
        widget=forms.FileInput(attrs={"accept": "image/png,image/webp,image/svg+xml"}),
    )
    drop_logo = forms.BooleanField(label=_("Ta bort logotypen och visa Uppsikts egen sköld"), required=False)

    class Meta:
        model = Appearance
        fields = ("name", "colour")
        labels = {"name": _("Kommunens namn"), "colour": _("Kommunens färg")}  # noqa: RUF012  # Django's way
        help_texts = {  # noqa: RUF012
            "colour": _("En färg räcker. Uppsikt räknar ut resten så att all text går att läsa, i ljust och mörkt."),
        }
        widgets = {"colour": forms.TextInput(attrs={"type": "color"})}  # noqa: RUF012

    def clean_logo(self) -> bytes | None:
        """The file's bytes, when it may be a logo."""
        upload: UploadedFile[bytes] | None = self.cleaned_data["logo"]
        if not upload:
            return None
        content: bytes = upload.read(LOGO_BYTES + 1)
        try:
            media_type(content)
        except Refused as error:
            raise forms.ValidationError(error.words) from error
        return content
