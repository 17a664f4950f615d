"""The forms of pages as somebody finds them there, filled in as far as a program can."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin, urlsplit


@dataclass
class Form:
    """A form that is posted: where to, its fields as they are filled in, and the buttons that can be pressed."""

    action: str
    fields: dict[str, list[str]] = field(default_factory=dict)
    # (name, value, another address), for each button; one without a name is ("", "", "").
    buttons: list[tuple[str, str, str]] = field(default_factory=list)

    def posts(self) -> Iterator[tuple[str, dict[str, list[str]]]]:
        """An address and what is sent there, for each button."""
        for name, value, other in dict.fromkeys(self.buttons or [("", "", "")]):
            yield other or self.action, self.fields | ({name: [value]} if name else {})


class Page(HTMLParser):
    """The forms and the links of a page. `given` says what is typed into fields by name; the rest is made up."""

    def __init__(self, address: str, body: str, given: dict[str, str]) -> None:
        super().__init__()
        self.address, self.given = address, given
        self.forms: list[Form] = []
        self.links: set[str] = set()
        self._form: Form | None = None
        self._area = self._select = ""
        self.feed(body)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        had = {name: value or "" for name, value in attrs}
        if tag == "a" and had.get("href"):
            self.links.add(urlsplit(urldefrag(urljoin(self.address, had["href"]))[0]).path)
        elif tag == "form":
            whole = urljoin(self.address, had.get("action") or self.address)
            self._form = Form(whole) if had.get("method", "").lower() == "post" else None
            if self._form:
                self.forms.append(self._form)
        elif self._form is not None:
            self._field(self._form, tag, had)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "textarea":
            self._area = ""
        elif tag == "select":
            self._select = ""

    def handle_data(self, data: str) -> None:
        if self._area and self._form and data.strip():
            self._form.fields[self._area] = [data]

    def _field(self, form: Form, tag: str, had: dict[str, str]) -> None:
        name = had.get("name", "")
        if tag == "button":
            form.buttons.append((name, had.get("value", ""), had.get("formaction", "")))
        elif tag == "textarea" and name:
            self._area = name
            form.fields[name] = [self.given.get(name, "Vi tittar på det och återkommer i dag.")]
        elif tag == "select" and name:
            self._select = name
        elif tag == "option" and self._select and had.get("value") and self._select not in form.fields:
            form.fields[self._select] = [self.given.get(self._select, had["value"])]
        elif tag == "input" and name:
            self._input(form, name, had)

    def _input(self, form: Form, name: str, had: dict[str, str]) -> None:
        kind = had.get("type", "text")
        if kind == "checkbox":
            form.fields.setdefault(name, []).append(had.get("value", "on"))
        elif kind == "radio":
            form.fields.setdefault(name, [had.get("value", "on")])
        elif kind == "hidden":
            form.fields[name] = [had.get("value", "")]
        elif kind != "file":
            made_up = {"number": had.get("min") or "1", "email": "ute@alvsta.example"}.get(kind, "Skriven för provet")
            form.fields[name] = [had.get("value") or self.given.get(name) or self.given.get(kind) or made_up]
