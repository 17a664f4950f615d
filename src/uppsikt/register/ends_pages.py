"""A closing and a transfer on their pages: both are found, shown, moved and refused in the same way (D52-D57)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from django import forms
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from uppsikt.channels.models import Channel
from uppsikt.kernel import trail
from uppsikt.kernel.errors import Refused
from uppsikt.organisation.current import person
from uppsikt.organisation.models import Person
from uppsikt.organisation.rules import Role
from uppsikt.records.reading import reader
from uppsikt.register import captures, ends, life_words, tabs
from uppsikt.register.closing_forms import LONGEST, FileForm, PostForm
from uppsikt.register.closing_models import Capture, CaptureFile, Closing, Transfer
from uppsikt.ui import feedback, trails

INVALID = 422
# Whoever may be responsible for an account, its manager, the communications unit; on which ones, `ends` says.
ENDERS = (Role.OFFICER, Role.EDITOR, Role.CUSTOMER_CENTRE, Role.COMMUNICATIONS, Role.MANAGER)
Act = Callable[[Any, HttpRequest], Any]


@dataclass(frozen=True, slots=True)
class Failed:
    """A move that was refused: which, in which words, and what had been typed, so that nobody types it again."""

    move: str = ""
    words: str = ""
    typed: str = ""


NONE = Failed()


@dataclass(frozen=True, slots=True)
class Ending:
    """One way in which an account ends.

    `room` is its module of verbs, with `missing`, `lacking` and `lay_in`; `post` the field of the post that tells the
    followers; `people` what else its page shows of the row; `more` what its page shows beside what both do; `moves`
    its steps by the last part of their address. `name` is of its template and of its page's address.
    """

    name: str
    model: type[Closing] | type[Transfer]
    room: ModuleType
    words: Mapping[str, life_words.Tagged]
    under_way: tuple[str, ...]
    post: str
    people: tuple[str, ...]
    more: Callable[[HttpRequest, Person, Any, Failed], dict[str, Any]]
    moves: Mapping[str, Act]

    def found(self, pk: int) -> Any:
        """The row, with what its page shows."""
        rows = self.model._default_manager.select_related(
            "channel__unit__department__board", "channel__responsible", "capture", *self.people
        )
        return get_object_or_404(rows, pk=pk)

    def page(self, request: HttpRequest, pk: int, failed: Failed = NONE) -> HttpResponse:
        """What is left to do, what has been done, and the next thing; with what a move was refused for."""
        row, now, who = self.found(pk), timezone.now(), person(request)
        left = self.room.missing(row, now=now) if row.state in self.under_way else []
        text = failed.typed if failed.move == "skriv" else getattr(row, self.post)
        context = {
            "row": row,
            "channel": row.channel,
            "tag": life_words.tagged(self.words, row.state),
            "left": [self.room.lacking(code) for code in left],
            "failed": failed,
            "error": failed.words,
            "post": PostForm(initial={"text": text}),
            "file": FileForm(),
            "capture": capture_of(row.capture, who),
            "lines": trails.lines(trail.steps_of(row).order_by("-id"), life_words.STEPS),
            "tabs": tabs.of(request, "ends"),
            **self.more(request, who, row, failed),
        }
        return render(request, f"register/{self.name}.html", context, status=INVALID if failed.words else 200)

    def move(self, request: HttpRequest, pk: int, move: str) -> HttpResponse:
        """Do one of the things that it asks for. Raises Http404 for what is none of them."""
        if move not in self.moves:
            raise Http404
        try:
            self.moves[move](self.found(pk), request)
        except Refused as refused:
            return self.page(request, pk, Failed(move, refused.words, text_of(request)))
        feedback.done(request, _("Sparat."))
        return redirect(f"register:{self.name}", pk)


def channel_or_404(pk: int) -> Channel:
    """The channel, with what its pages show."""
    return get_object_or_404(Channel.objects.select_related("unit__department__board", "responsible"), pk=pk)


def begun(request: HttpRequest, row: Channel, form: forms.Form, template: str) -> HttpResponse:
    """The page where an end begins."""
    context = {"channel": row, "form": form, "tabs": tabs.of(request, "ends")}
    return render(request, template, context, status=INVALID if form.is_bound else 200)


def capture_of(row: Capture | None, who: Person) -> dict[str, Any] | None:
    """A last picture, for a page; its files for those who may read them."""
    if row is None:
        return None
    readable = captures.readable(row, reader(who, now=timezone.now()))
    files = CaptureFile.objects.filter(capture=row).order_by("name") if readable else []
    return {
        "row": row,
        "tag": life_words.tagged(life_words.CAPTURES, row.state),
        "files": [(file.pk, file.name) for file in files],
        "posts": row.report.get("posts"),
        "by_hand": row.sort == "by_hand",
    }


def text_of(request: HttpRequest) -> str:
    """The words that came with a move, no longer than they may be."""
    return request.POST.get("text", "")[:LONGEST]


def file_of(request: HttpRequest) -> tuple[bytes, str]:
    """The file that came with a move. Raises Refused where there is none."""
    upload = request.FILES.get("file")
    if upload is None:
        raise Refused("no_file", _("Välj en fil."))
    return upload.read(captures.MOST_BYTES + 1), str(upload.name or "")


def laid_in(row: Any, request: HttpRequest, room: Any) -> Any:
    """A person's own file as the account's last picture."""
    who, now = person(request), timezone.now()
    ends.check_sees_to(who, row.channel)
    body, name = file_of(request)
    with transaction.atomic():
        made = captures.by_hand(row.channel, body, name, why=room.WHY, by=who, now=now)
        return room.lay_in(row, made, by=who, now=now)


def who_and_when(request: HttpRequest) -> dict[str, Any]:
    """Who does it, and when."""
    return {"by": person(request), "now": timezone.now()}


def moves_of(room: Any) -> dict[str, Act]:
    """The moves that both have: the post drafted and seen, the last picture taken or laid in, the whole taken back.

    `room` is the module of verbs, `closing` or `transfer`.
    """
    return {
        "skriv": lambda row, request: room.write(row, text=text_of(request), **who_and_when(request)),
        "publicerat": lambda row, request: room.posted(row, **who_and_when(request)),
        "bild": lambda row, request: room.capture(row, **who_and_when(request)),
        "fil": lambda row, request: laid_in(row, request, room),
        "ta-tillbaka": lambda row, request: room.withdraw(row, reason=text_of(request), **who_and_when(request)),
    }
