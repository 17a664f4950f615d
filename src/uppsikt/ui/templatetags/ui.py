"""The components of the shared look. README.md beside this folder shows each of them in use."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import Any, Protocol

from django import template
from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.forms import BaseForm, BoundField
from django.template import Context
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import get_language

from uppsikt.ui import hostile, keys, times
from uppsikt.ui.fields import described, kind
from uppsikt.ui.nav import Entry
from uppsikt.ui.parts import Tab

register = template.Library()

SIZES = {1: "sm", 2: "xs", 3: "2xs"}
FILTER = '<div class="ds-field u-field">\n<label class="ds-label" for="{}">{}</label>\n{}\n</div>'
LINE = '<li><a href="{}"{}>{}<span>{}</span>{}</a></li>'
CURRENT = SafeString(' aria-current="page"')
TONES = {"neutral", "info", "success", "warning", "danger", "accent", "outline"}


class Chip(Protocol):
    """Whoever can be shown as a chip."""

    name: str
    title: str


def flags(attributes: dict[str, Any]) -> SafeString:
    """Keywords as HTML attributes: `hx_get` becomes `hx-get`, True a bare attribute, empty ones are left out."""
    pairs = ((name.rstrip("_").replace("_", "-"), value) for name, value in attributes.items())
    return format_html_join(
        "", "{}", ((_flag(name, value),) for name, value in pairs if value not in {None, False, ""})
    )


def _flag(name: str, value: Any) -> SafeString:
    return format_html(" {}", name) if value is True else format_html(' {}="{}"', name, value)


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An icon from the sprite. Without `label` it is ornament, hidden from screen readers."""
    return _icon(str(name), str(label) if label else "", settings.STATIC_URL)


@lru_cache(maxsize=2048)
def _icon(name: str, label: str, _where: str) -> SafeString:
    """The same few icons stand on every page, and on every line of a list."""
    address = f"{static('uppsikt/icons.svg')}#{name}"
    if not label:
        return format_html('<svg class="u-i" aria-hidden="true"><use href="{}"></use></svg>', address)
    return format_html('<svg class="u-i" role="img" aria-label="{}"><use href="{}"></use></svg>', label, address)


@register.simple_tag
def tag(words: object, tone: str = "neutral", mark: str = "") -> SafeString:
    """A small label. `tone` is one of TONES; `mark` an icon's name. The words carry the meaning, never the colour."""
    if tone not in TONES:
        raise ValueError(f"no tone {tone!r}; there are {sorted(TONES)}")
    return format_html('<span class="ds-tag"{}>{}{}</span>', _tone(tone), icon(mark) if mark else "", words)


@lru_cache
def _tone(tone: str) -> SafeString:
    """How a tag of this tone looks."""
    return flags({"data_color": "neutral", "data_variant": "outline"} if tone == "outline" else {"data_color": tone})


@register.simple_tag
def heading(words: object, level: int = 1, id: str = "", size: str = "") -> SafeString:  # as in HTML
    """A heading of a level, its size by the level where none is given."""
    return format_html(
        '<h{0} class="ds-heading"{1}>{2}</h{0}>',
        level,
        flags({"data_size": size or SIZES.get(level, "2xs"), "id": id}),
        words,
    )


@register.simple_block_tag(end_name="endalert")
def alert(content: str, tone: str = "info", title: str = "", role: str = "") -> SafeString:
    """A box that must be seen: info, success, warning or danger."""
    head = format_html('<p class="u-alert-title">{}</p>', title) if title else ""
    return format_html(
        '<div class="ds-alert"{}>{}<div>{}</div></div>', flags({"data_color": tone, "role": role}), head, content
    )


@register.simple_block_tag(end_name="endnothing")
def nothing(content: str, title: str, mark: str = "check2-circle") -> SafeString:
    """What stands where a list is empty: that it is empty, why, and what fills it."""
    return format_html(
        '<div class="u-nothing">{}<p class="u-nothing-title">{}</p><div>{}</div></div>', icon(mark), title, content
    )


@register.simple_tag
def button(words: object, variant: str = "primary", mark: str = "", key: str = "", **attributes: Any) -> SafeString:
    """A button, sending its form unless `type` says otherwise.

    `variant`: primary, secondary, tertiary or danger; `key` the shortcut that presses it; `confirm` a question asked
    first; other keywords become attributes (`name`, `value`, `formaction`, `form`, `hx_post` …).
    """
    attributes.setdefault("type", "submit")
    look = _look(variant, key, attributes)
    return format_html(
        '<button class="ds-button"{}>{}<span>{}</span></button>', look, icon(mark) if mark else "", words
    )


@register.simple_tag
def link_button(
    url: str, words: object, variant: str = "secondary", mark: str = "", key: str = "", **attributes: Any
) -> SafeString:
    """A link that looks like a button, for going somewhere."""
    look = _look(variant, key, attributes)
    return format_html(
        '<a class="ds-button" href="{}"{}>{}<span>{}</span></a>', url, look, icon(mark) if mark else "", words
    )


def _look(variant: str, key: str, attributes: dict[str, Any]) -> SafeString:
    look = {"danger": {"data_color": "danger"}, "primary": {}}.get(variant, {"data_variant": variant})
    asked = {"data_confirm": attributes.pop("confirm", "")}
    keys = {"data_key": key, "aria_keyshortcuts": key}
    return flags({**look, **keys, **asked, **attributes})


@register.simple_tag(takes_context=True)
def post_button(  # noqa: PLR0917  # templates read better with the first few by place
    context: Context,
    url: str,
    words: object,
    variant: str = "secondary",
    mark: str = "",
    key: str = "",
    **attributes: Any,
) -> SafeString:
    """A button with a form of its own that POSTs to `url`, for deeds that need no other field."""
    token = format_html('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', context["csrf_token"])
    return format_html(
        '<form method="post" action="{}" class="u-inline">{}{}</form>',
        url,
        token,
        button(words, variant, mark, key, **attributes),
    )


@register.simple_tag
def kbd(key: str) -> SafeString:
    """A key on the keyboard."""
    return format_html("<kbd>{}</kbd>", key)


@register.simple_tag
def shortcuts(place: str) -> SafeString:
    """The shortcuts of a sort of page, as the list of `?` shows them and the browser acts on them."""
    return _shortcuts(keys.of(place), get_language())


@lru_cache(maxsize=64)
def _shortcuts(listed: tuple[keys.Key, ...], _language: str | None) -> SafeString:
    """The same list stands on every page."""
    return SafeString(render_to_string("ui/parts/shortcuts.html", {"keys": listed}))


@register.simple_tag
def field(bound: BoundField, rows: int = 0, label: str = "", **attributes: Any) -> str:
    """A form field with label, help and error, tied together for screen readers. Other keywords go to the input."""
    widget = described(bound, {**attributes, **({"rows": rows} if rows else {})})
    if kind(bound) == "line" and not bound.help_text and not bound.errors and getattr(bound.form, "is_filter", False):
        # A filter is the plainest of fields, and pages have many of them.
        return format_html(FILTER, bound.id_for_label, label or bound.label, widget)
    context = {"field": bound, "widget": widget, "kind": kind(bound), "label": label or bound.label}
    return render_to_string("ui/parts/field.html", context)


@register.simple_tag
def fields(form: BaseForm) -> SafeString:
    """All visible fields of a form, in order, and the hidden ones."""
    shown = format_html_join("", "{}", ((field(bound),) for bound in form.visible_fields()))
    return format_html_join("", "{}", ((bound,) for bound in form.hidden_fields())) + shown


@register.simple_tag
def form_errors(form: BaseForm) -> str:
    """What is wrong in a form that was sent, with a link to each field; takes focus. Nothing when all is well."""
    if not form.is_bound or not form.errors:
        return ""
    return render_to_string("ui/parts/errors.html", {"form": form, "bounds": [b for b in form if b.errors]})


@register.simple_block_tag(end_name="endtable")
def table(content: str, caption: str, busy: bool = False) -> SafeString:
    """A table that scrolls by itself on a wide page and becomes cards on a narrow one (give each <td> a `data-l`)."""
    return format_html(
        '<div class="u-tw" tabindex="0" role="region" aria-label="{0}"{2}>'
        '<table class="ds-table" data-color="neutral" data-hover>'
        '<caption class="ds-sr-only">{0}</caption>{1}</table></div>',
        caption,
        content,
        flags({"aria_busy": "true" if busy else ""}),
    )


@register.simple_tag
def menu(entries: Iterable[Entry]) -> SafeString:
    """The lines of the menu."""
    lines = (
        (entry.url, CURRENT if entry.current else "", icon(entry.icon), entry.label, _number(entry.count))
        for entry in entries
    )
    return format_html("<ul>{}</ul>", format_html_join("", LINE, lines))


def _number(count: int) -> SafeString:
    return format_html('<span class="u-n">{}</span>', count) if count else SafeString("")


@register.inclusion_tag("ui/parts/tabs.html")
def tabs(items: Iterable[Tab], label: str) -> dict[str, Any]:
    """Tabs that are links, each to a page of its own."""
    return {"tabs": list(items), "label": label}


@register.inclusion_tag("ui/parts/pager.html")
def pager(page: Any) -> dict[str, Any]:
    """Newer and older, for a `ui.paging.Page`."""
    return {"page": page}


@register.simple_tag
def when(at: datetime | None, form: str = "short") -> SafeString:
    """A moment as <time>: `short` "i dag 10.42", `day` "14 nov 2026", `full` with both. A dash for None."""
    return moment(at, timezone.now(), form) if at else SafeString("–")


def moment(at: datetime, now: datetime, form: str = "short") -> SafeString:
    """The same, for those who know what time it is."""
    full = times.full_words(at)
    words = times.when_words(at, now) if form == "short" else times.day_words(at) if form == "day" else full
    return format_html('<time datetime="{}" title="{}">{}</time>', at.isoformat(), full, words)


@register.simple_tag
def due(at: datetime, verb: str = "", plain: bool = False) -> SafeString:
    """A deadline as a tag: "Svara i dag före 16.30" (with `verb`), "Försenad 25 min". `plain` for words without tag."""
    now = timezone.now()
    words = times.due_words(at, now, verb)
    moment = format_html('<time datetime="{}">{}</time>', at.isoformat(), words if plain else capfirst(words))
    return moment if plain else tag(moment, times.due_tone(at, now))


@register.inclusion_tag("ui/parts/person.html")
def person(who: Chip | None, more: str = "") -> dict[str, Any]:
    """A person as a chip: initials and name, and `more` (title, unit) when given. Says so when there is nobody."""
    parts = who.name.split() if who else []
    return {"who": who, "more": more, "initials": "".join(part[0] for part in (parts[:1] + parts[1:][-1:]))}


@register.simple_tag
def said(text: str, limit: int = 20_000) -> SafeString:
    """A whole text from a network, safe to show."""
    return hostile.said(text, limit)


register.filter("isolate", hostile.isolate)
register.filter("plain", hostile.plain)
register.filter("preview", hostile.preview)
register.filter("hits", hostile.hits)
register.filter("marked", hostile.marked)


@register.filter
def json_text(value: object) -> str:
    """A value as JSON, for a data attribute that a script reads; escaped like any text."""
    return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False)


@register.simple_block_tag(end_name="endlive")
def live(content: str, url: str, id: str, every: int = 15, label: str = "") -> SafeString:  # as in HTML
    """A region that asks `url` for itself each `every` seconds, and changes in place. Keep forms outside it.

    The view answers with `ui.live.region` and a template that holds this same tag with the same id.
    """
    return format_html(
        '<div id="{}" data-live hx-get="{}" hx-trigger="every {}s, uppsikt:refresh from:body" hx-swap="outerMorph"{}>'
        "{}</div>",
        id,
        url,
        every,
        flags({"role": "region", "aria_label": label} if label else {}),
        content,
    )
