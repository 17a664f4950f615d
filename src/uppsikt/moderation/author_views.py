"""The author's page: why something was removed, and asking for it to be tried again; by a link, without a login."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from uppsikt.kernel.errors import Refused
from uppsikt.moderation import reconsidering
from uppsikt.moderation.matter_forms import ReconsiderForm
from uppsikt.ui import feedback
from uppsikt.ui.access import by_link

# The address itself is the key: it must be in no Referer, no cache and no index.
HEADERS = {
    "Referrer-Policy": "no-referrer, strict-origin",
    "Cache-Control": "no-store, private",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}
INVALID, CONFLICT, NOT_FOUND = 422, 409, 404


def quiet(response: HttpResponse) -> HttpResponse:
    """The answer with what keeps its address secret."""
    for name, value in HEADERS.items():
        response[name] = value
    return response


def dead(request: HttpRequest, refused: Refused) -> HttpResponse:
    """A link that leads nowhere says so."""
    return quiet(render(request, "moderation/author_dead.html", {"words": refused.words}, status=NOT_FOUND))


@by_link
def page(request: HttpRequest, token: str) -> HttpResponse:
    """Why it was removed; a POST asks for it to be tried again. Others may hold the link: the words are not shown."""
    now = timezone.now()
    try:
        note = reconsidering.find(token, now=now)
    except Refused as refused:
        return dead(request, refused)
    form, status = ReconsiderForm(request.POST if request.method == "POST" else None), 200
    if form.is_bound:
        status = INVALID
        if form.is_valid():
            try:
                _row, key = reconsidering.ask(
                    note,
                    text=form.cleaned_data["text"],
                    contact=form.cleaned_data["contact"],
                    place=str(get_adapter(request).get_client_ip(request)),
                    now=now,
                )
            except Refused as refused:
                form.add_error(None, refused.words)
                status = CONFLICT
            else:
                feedback.done(request, _("Tack! Din begäran är mottagen."))
                return quiet(redirect("author:asked", token=key))
    asked = reconsidering.asked(note)
    alone = note.way == "email"
    context = {
        "removal": note.removal,
        "item": note.item,
        "ground": note.removal.ground,
        # In the conversation anybody can open the link: reason and answer may say more than everybody should read.
        "alone": alone,
        "reason": note.removal.reason if alone else "",
        "asked": asked,
        "answer": asked.answer if asked and alone else "",
        "form": None if asked and asked.state == "asked" else form,
    }
    return quiet(render(request, "moderation/author.html", context, status=status))


@by_link
@require_GET
def asked(request: HttpRequest, token: str) -> HttpResponse:
    """What became of a request, for whoever made it: the link is given to them alone."""
    try:
        row = reconsidering.find_asked(token, now=timezone.now())
    except Refused as refused:
        return dead(request, refused)
    context = {"asked": row, "answer": row.answer, "item": row.item}
    return quiet(render(request, "moderation/author_asked.html", context))
