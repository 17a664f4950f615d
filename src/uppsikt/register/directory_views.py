"""The public list and what stands around it: no login, no script, the same for everybody (D12, D66-D68, D70)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import urlize
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import override
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from uppsikt.policy import queries as policy
from uppsikt.policy import words as policy_words
from uppsikt.policy.rules import BY_KEY
from uppsikt.register import (
    directory,
    directory_cache,
    directory_changes,
    directory_data,
    directory_xml,
    infotext_facts,
    words,
)
from uppsikt.register.directory import Listed
from uppsikt.register.infotext_composing import parts_said
from uppsikt.register.infotext_languages import ALL, Language
from uppsikt.register.models import Entry
from uppsikt.ui import queries as ui
from uppsikt.ui.access import everyone

LONGEST, NOT_FOUND = 100, 404
# The database has no larger key; what asks for one asks for nothing.
LAST_KEY = 2**63 - 1
LINKED = ("list", "report", "opinion", "rules", "guideline", "accessibility", "json", "csv", "rss", "dcat")
# What stands in a page's JSON must not end the element that it stands in.
ESCAPES = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}
# The rules of the policy that whoever writes to us is helped by knowing (D66).
TOLD_RULES = ("answer.within_working_days", "answer.promise_working_days", "oversight.rounds_a_day")


def site(language: str, path: str, *args: object) -> dict[str, Any]:
    """What every public page needs: how the municipality looks, and the same page in the other language."""
    here, other = ("directory_en", "directory") if language == "en" else ("directory", "directory_en")
    row = ui.appearance()
    return {
        "site": {
            "name": row.name,
            "version": row.version,
            "has_logo": bool(row.logo_sha256),
            "language": language,
            "links": {name: reverse(f"{here}:{name}") for name in LINKED},
            "details": f"{here}:channel",
            "other": reverse(f"{other}:{path}", args=args),
            "other_language": "sv" if language == "en" else "en",
        }
    }


def page(
    request: HttpRequest, language: str, template: str, key: tuple[str, ...], made: Callable[[], Mapping[str, Any]]
) -> HttpResponse:
    """A public page from its template; `made` gives what it shows and is asked only when it must be written anew."""

    def write() -> str:
        return render_to_string(f"register/directory/{template}.html", dict(made()))

    return directory_cache.answer(request, language, (template, *key), write)


def asked(request: HttpRequest, name: str) -> str:
    """One thing of the address's query, no longer than anybody needs."""
    return " ".join(request.GET.get(name, "").replace("\0", "").split())[:LONGEST]


@everyone
@require_safe
def listing(request: HttpRequest, language: str) -> HttpResponse:
    """All live accounts, to be searched and narrowed by network and subject."""
    given = {name: asked(request, name) for name in ("q", "network", "subject")}

    def made() -> Mapping[str, Any]:
        every = directory.listed()
        rows = directory.narrowed(every, asked=given["q"], network=given["network"], subject=given["subject"])
        return {
            **site(language, "list"),
            "rows": [(row, words.subject(row.subject)) for row in rows],
            "asked": given,
            "narrowed": any(given.values()),
            "every": len(every),
            "networks": sorted({(row.network, row.network_name) for row in every}, key=lambda pair: pair[1].casefold()),
            "subjects": [pair for pair in words.SUBJECTS.items() if pair[0] in {row.subject for row in every}],
            # Whoever asks for some of them is no program that gathers all.
            "graph": "" if any(given.values()) else whole_list(every, language),
        }

    return page(request, language, "list", tuple(given.values()), made)


def whole_list(every: Sequence[Listed], language: str) -> SafeString:
    """The list in the words of schema.org, for programs that read pages."""
    return data_block(directory_data.json_ld(every, directory.public_facts(), language))


def data_block(graph: Mapping[str, Any]) -> SafeString:
    """JSON as it may stand inside an element of a page."""
    return mark_safe(json.dumps(graph, ensure_ascii=False).translate(ESCAPES))  # noqa: S308  # no sign of HTML is left


@everyone
@require_safe
def channel(request: HttpRequest, language: str, pk: int) -> HttpResponse:
    """One account: who answers for it, how to reach them, and its whole standing text in a chosen language."""
    chosen = request.GET.get("sprak", "")
    tongue = ALL.get(chosen) or ALL[language]
    # Whether it is there at all is the only thing asked before what is kept is looked for.
    if pk > LAST_KEY or not directory.shown().filter(channel=pk).exists():
        return gone(language, pk)

    def made() -> Mapping[str, Any]:
        entry = directory.shown().get(channel=pk)
        row = directory.told(entry)
        return {
            **site(language, "channel", pk),
            "row": row,
            "subject": words.subject(row.subject),
            "text": linked(parts_said(tongue, infotext_facts.of(entry.channel, tongue.code, entry))),
            "tongue": tongue,
            "tongues": tongues(entry, tongue),
            "report": f"{reverse(f'{space(language)}:report')}?konto={pk}",
        }

    return page(request, language, "channel", (str(pk), tongue.code), made)


def gone(language: str, pk: int) -> HttpResponse:
    """What whoever follows an old link is told; the same words for what was never there."""
    with override(language):
        words = render_to_string("register/directory/gone.html", site(language, "channel", pk))
    return HttpResponse(words, status=NOT_FOUND, headers={"Content-Language": language, "Cache-Control": "no-store"})


def linked(text: Iterable[tuple[str, str]]) -> list[tuple[str, SafeString]]:
    """The parts of a text with their addresses as links."""
    # What Django made of it is safe; only the name of a class is put in.
    return [
        (title, mark_safe(urlize(said, nofollow=True, autoescape=True).replace("<a href", '<a class="ds-link" href')))  # noqa: S308
        for title, said in text
    ]


def space(language: str) -> str:
    """The namespace of the pages in a language."""
    return "directory_en" if language == "en" else "directory"


def tongues(entry: Entry | None, current: Language) -> list[tuple[Language, bool]]:
    """The languages that a text can be had in, those of the account first, and which one is shown."""
    first = infotext_facts.languages(entry) if entry else ()
    return [(ALL[code], code == current.code) for code in (*first, *(code for code in ALL if code not in first))]


@everyone
@require_safe
def short(request: HttpRequest, pk: int) -> HttpResponse:
    """The short address that stands in texts with little room."""
    return redirect("directory:channel", pk=pk, permanent=False)


@everyone
@require_safe
def rules(request: HttpRequest, language: str) -> HttpResponse:
    """What is removed and why: the same grounds that moderation uses, briefly, in four languages (D68)."""
    tongue = ALL.get(request.GET.get("sprak", "")) or ALL[language]

    def made() -> Mapping[str, Any]:
        rows = [(row, tongue.rules.get(row.code, "")) for row in policy.grounds()]
        return {**site(language, "rules"), "rows": rows, "tongue": tongue, "tongues": tongues(None, tongue)}

    return page(request, language, "rules", (tongue.code,), made)


@everyone
@require_safe
def guideline(request: HttpRequest, language: str) -> HttpResponse:
    """The guideline: who decided it, what it promises whoever writes to us, and how personal data are handled."""

    def made() -> Mapping[str, Any]:
        told = [
            (policy_words.rule_name(key), policy_words.value_lines(key, policy.rule(key)), BY_KEY[key].law)
            for key in TOLD_RULES
        ]
        ours = directory.public_facts()
        return {**site(language, "guideline"), "policy": policy.policy(), "rules": told, "ours": ours}

    return page(request, language, "guideline", (), made)


@everyone
@require_safe
def accessibility(request: HttpRequest, language: str) -> HttpResponse:
    """The accessibility statement of the public pages (lag 2018:1937, 13 §)."""
    return page(
        request,
        language,
        "accessibility",
        (),
        lambda: {**site(language, "accessibility"), "ours": directory.public_facts()},
    )


@everyone
@require_safe
def embed(request: HttpRequest, language: str) -> HttpResponseBase:
    """The list alone, for a frame on the municipality's own website (D12)."""

    def made() -> Mapping[str, Any]:
        rows = [(row, words.subject(row.subject)) for row in directory.listed()]
        return {**site(language, "embed"), "rows": rows}

    @xframe_options_exempt
    @csp_replace({"frame-ancestors": ["*"]})
    def framed(request: HttpRequest) -> HttpResponse:
        return page(request, language, "embed", (), made)

    return framed(request)


@everyone
@require_safe
def as_json(request: HttpRequest, language: str) -> HttpResponse:
    """The list for programs."""

    def write() -> str:
        return json.dumps(directory_data.as_json(directory.listed(), language), ensure_ascii=False, indent=1)

    return open_to_all(directory_cache.answer(request, language, ("json",), write, "application/json"))


@everyone
@require_safe
def as_csv(request: HttpRequest, language: str) -> HttpResponse:
    """The list for a spreadsheet."""

    def write() -> str:
        return directory_data.as_csv(directory.listed(), language)

    return open_to_all(directory_cache.answer(request, language, ("csv",), write, "text/csv; charset=utf-8"))


@everyone
@require_safe
def rss(request: HttpRequest, language: str) -> HttpResponse:
    """What came, went and changed."""

    def write() -> bytes:
        return directory_xml.rss(directory_changes.latest(), language)

    return directory_cache.answer(request, language, ("rss",), write, "application/rss+xml; charset=utf-8")


@everyone
@require_safe
def dcat(request: HttpRequest, language: str) -> HttpResponse:
    """The list described as an open data set, for data portals."""

    def write() -> bytes:
        last = directory_changes.latest().first()
        return directory_xml.dcat(directory.public_facts(), last.at if last else None)

    return open_to_all(directory_cache.answer(request, language, ("dcat",), write, "application/rdf+xml"))


def open_to_all(response: HttpResponse) -> HttpResponse:
    """Let pages of other sites read the answer: it is open data."""
    response["Access-Control-Allow-Origin"] = "*"
    return response
