"""How a form field is dressed: which classes, which ties between input, help and error."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

CHOICES = (forms.CheckboxSelectMultiple, forms.RadioSelect)


def kind(bound: BoundField) -> str:
    """How the field is laid out: "check" (box before label), "group" (several boxes under a legend) or "line"."""
    widget = bound.field.widget
    if isinstance(widget, CHOICES):
        return "group"
    return "check" if isinstance(widget, forms.CheckboxInput) else "line"


def described(bound: BoundField, extra: dict[str, Any]) -> SafeString:
    """The input, told to screen readers together with its help and its error. `extra` are attributes of the input."""
    attributes = {name.replace("_", "-"): value for name, value in extra.items()}
    ids = [f"{bound.auto_id}_help"] if bound.help_text else []
    ids += [f"{bound.auto_id}_error"] if bound.errors else []
    if ids:
        attributes["aria-describedby"] = " ".join(ids)
    if bound.errors:
        attributes["aria-invalid"] = "true"
    attributes["class"] = f"ds-input {bound.field.widget.attrs.get('class', '')}".strip()
    if isinstance(bound.field.widget, CHOICES):
        return boxes(bound, attributes)
    return bound.as_widget(attrs=attributes)


def boxes(bound: BoundField, attributes: dict[str, Any]) -> SafeString:
    """The boxes of a group, each with its label. Django would dress their frame as if it were an input itself."""
    parts = []
    for box in bound.subwidgets:
        box.data["attrs"].update(attributes)
        parts.append((box.id_for_label, box.tag(), box.choice_label))
    return format_html_join("", '<div><label for="{}">{} {}</label></div>', parts)
