"""Inputs and choices written in Python: Django's own way takes two templates for each line of a list of choices."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

WIDGETS = "django/forms/widgets/"
OPTION = f"{WIDGETS}select_option.html"
INPUTS = {f"{WIDGETS}{name}.html" for name in ("text", "search", "email", "date", "hidden", "checkbox", "number")}


class Plain(DjangoTemplates):
    """Writes the widgets that pages are full of word for word as Django's templates would, and leaves it the rest."""

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> SafeString:
        """A widget as HTML."""
        if template_name in INPUTS:
            return SafeString(written_input(context["widget"]))
        if template_name == f"{WIDGETS}select.html" and plain(context["widget"]):
            return SafeString(written_select(context["widget"]))
        return SafeString(super().render(template_name, context, request))


def plain(widget: Mapping[str, Any]) -> bool:
    """Whether all choices look as Django's own do."""
    return all(option["template_name"] == OPTION for _name, group, _place in widget["optgroups"] for option in group)


def attributes(given: Mapping[str, Any]) -> str:
    """Attributes with their values; those that are True stand alone, those that are False are left out."""
    pairs = ((conditional_escape(name), value) for name, value in given.items() if value is not False)
    return "".join(f" {name}" if value is True else f' {name}="{conditional_escape(value)}"' for name, value in pairs)


def written_input(widget: Mapping[str, Any]) -> str:
    """One input."""
    value = "" if widget["value"] is None else f' value="{conditional_escape(widget["value"])}"'
    name, kind = conditional_escape(widget["name"]), conditional_escape(widget["type"])
    return f'<input type="{kind}" name="{name}"{value}{attributes(widget["attrs"])}>'


def written_select(widget: Mapping[str, Any]) -> str:
    """A list of choices."""
    parts = [f'<select name="{conditional_escape(widget["name"])}"{attributes(widget["attrs"])}>']
    for name, group, _place in widget["optgroups"]:
        parts.append(f'\n  <optgroup label="{conditional_escape(name)}">' if name else "")
        for option in group:
            value, words = conditional_escape(option["value"]), conditional_escape(option["label"])
            parts.append(f'\n  <option value="{value}"{attributes(option["attrs"])}>{words}</option>')
        parts.append("\n  </optgroup>" if name else "")
    return "".join((*parts, "\n</select>"))
