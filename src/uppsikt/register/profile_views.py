"""How an account has looked: its versions side by side, one written down by hand, pictures; and the approved logos."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from uppsikt.kernel.errors import Refused
from uppsikt.kernel.models import Blob
from uppsikt.organisation.current import person
from uppsikt.organisation.rules import Role
from uppsikt.policy import queries as policy
from uppsikt.records.views import SANDBOX, kept
from uppsikt.register import (
    auditing,
    deviation_queries,
    logo_figures,
    logos,
    profile_rules,
    profile_words,
    profiles,
    tabs,
)
from uppsikt.register.deviation_forms import EndForm, LogoForm, ProfileForm
from uppsikt.register.deviation_views import CONFLICT, DOERS, INVALID, account_or_404, own_account, tell
from uppsikt.register.profile_models import Logo, ProfileVersion
from uppsikt.ui import feedback, paging
from uppsikt.ui.access import may, signed_in
from uppsikt.ui.differences import Part, differences

SHOWN = 20


@signed_in
@require_GET
def versions(request: HttpRequest, pk: int) -> HttpResponse:
    """How the account has looked, the newest first; each with what it changed, word by word."""
    channel = account_or_404(pk)
    rows = ProfileVersion.objects.filter(channel=channel).select_related("noted_by")
    page = paging.page(request, rows, by="seen_at", size=SHOWN)
    before = page.rows[1:] + list(rows.filter(pk__lt=page.rows[-1].pk).order_by("-id")[:1] if page.rows else [])
    writes = channel.connected_at is None and channel.state != "closed"
    context = {
        "channel": channel,
        "rows": [change(row, before[place] if place < len(before) else None) for place, row in enumerate(page.rows)],
        "page": page,
        "writes": writes and deviation_queries.answers_for(person(request), channel),
        "tabs": tabs.of(request, ""),
    }
    return render(request, "register/profile.html", context)


def change(row: ProfileVersion, before: ProfileVersion | None) -> dict[str, Any]:
    """A version and the way to it from the one before: its parts that are otherwise, word by word."""
    both = before is not None and before.picture_id is not None and row.picture_id is not None
    same = before.picture_id == row.picture_id if before is not None and both else None
    changed = profile_rules.changed(before.facts, row.facts, same_picture=same) if before else list(profile_rules.PARTS)
    if before is not None and before.picture_id is None and row.picture_id is not None and "picture" not in changed:
        changed.append("picture")
    texts: list[tuple[str, list[Part] | None, str]] = []
    for part in changed:
        text = str(row.facts.get(part) or "")
        earlier = str(before.facts.get(part) or "") if before else ""
        if part != "picture" and (text or earlier):
            name = str(profile_words.PARTS[part])
            texts.append((name, differences(earlier, text) if before else None, text))
    return {
        "row": row,
        "texts": texts,
        "picture": row.picture_id is not None and "picture" in changed,
        "other_picture": before is not None and "picture" in changed,
        "trouble": profile_words.picture_trouble(row.picture_trouble) if row.picture_trouble else "",
    }


@may(*DOERS)
@require_http_methods(["GET", "POST"])
def write(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down how an account looks that no program can read."""
    channel, who = own_account(pk, person(request)), person(request)
    last = profiles.newest(channel)
    start = (
        {part: text for part, text in last.facts.items() if part != "picture"}
        if last
        else {"name": channel.name, "address": channel.address}
    )
    form, status = ProfileForm(request.POST or None, request.FILES or None, initial=start), 200
    if request.method == "POST":
        status = INVALID
        if form.is_valid():
            given = dict(form.cleaned_data)
            file = given.pop("picture")
            looked = {name: given.pop(name) for name in ("last_post_on", "comments_open")}
            # One byte more than may be kept tells what is too large; the rest is not read.
            body = file.read(profiles.BYTES + 1) if file else None
            try:
                profiles.note(channel, facts=given, picture=body, by=who, now=timezone.now(), **looked)
            except Refused as refused:
                form.add_error("last_post_on" if refused.code == "not_yet" else None, refused.words)
                status = CONFLICT
            else:
                feedback.done(request, _("Det är noterat att du har sett efter."))
                if channel.state in auditing.AUDITED:
                    # What was wrong and is not any more ends at once, before whoever looked.
                    tell(request, auditing.audit(channel, timezone.now(), by=who.doer))
                return redirect(f"{reverse('register:account', args=[pk])}#audit")
    context = {"channel": channel, "form": form, "days": policy.number("profile.look_days")}
    return render(request, "register/profile_write.html", context, status=status)


@signed_in
@require_GET
def picture(request: HttpRequest, pk: int) -> HttpResponse:
    """The picture of a version."""
    row = get_object_or_404(ProfileVersion.objects.exclude(picture=None).select_related("picture"), pk=pk)
    return served(row.picture)


@signed_in
@require_GET
def logo_picture(request: HttpRequest, pk: int) -> HttpResponse:
    """The picture of a logo."""
    return served(get_object_or_404(Logo.objects.select_related("blob"), pk=pk).blob)


def served(blob: Blob | None) -> HttpResponse:
    """A kept picture, shown in the page: of a kind that was told from its bytes when it was kept, and never run."""
    body = kept(blob.sha256) if blob else b""
    kind = blob.media_type if blob and blob.media_type in logo_figures.MEDIA_TYPES else "application/octet-stream"
    response = HttpResponse(body, content_type=kind)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = SANDBOX
    response["Cache-Control"] = "private, max-age=86400, immutable"
    return response


@signed_in
@require_GET
def approved(request: HttpRequest) -> HttpResponse:
    """The logos that the accounts may show (D15)."""
    return show_logos(request, LogoForm())


@may(Role.COMMUNICATIONS)
@require_POST
def add_logo(request: HttpRequest) -> HttpResponse:
    """Approve a logo."""
    form, status = LogoForm(request.POST, request.FILES), INVALID
    if form.is_valid():
        given = form.cleaned_data
        body = given["file"].read(logos.BYTES + 1)
        try:
            logos.add(name=given["name"], body=body, decision=given["decision"], by=person(request), now=timezone.now())
        except Refused as refused:
            form.add_error("file", refused.words)
            status = CONFLICT
        else:
            feedback.done(request, _("Logotypen är godkänd. Kontonas bilder jämförs med den vid nästa kontroll."))
            return redirect("register:logos")
    return show_logos(request, form, status)


def show_logos(request: HttpRequest, form: LogoForm, status: int = 200) -> HttpResponse:
    """The page of logos, with the form for one more where the person adds them."""
    context = {
        "rows": [(row, EndForm(auto_id=f"end-{row.pk}-%s")) for row in logos.approved()],
        "form": form,
        "adds": Role.COMMUNICATIONS in person(request).roles,
        "least": logos.LIKE // 10,
        "colours": logos.COLOURS // 10,
        "tabs": tabs.of(request, "deviations"),
    }
    return render(request, "register/logos.html", context, status=status)


@may(Role.COMMUNICATIONS)
@require_POST
def end_logo(request: HttpRequest, pk: int) -> HttpResponse:
    """A logo may not be shown any more."""
    row = get_object_or_404(Logo, pk=pk)
    form = EndForm(request.POST)
    if not form.is_valid():
        raise Refused("no_reason", _("Skriv varför logotypen tas bort."))
    logos.end(row, reason=form.cleaned_data["reason"], by=person(request), now=timezone.now())
    feedback.done(request, _("Logotypen gäller inte längre."))
    return redirect("register:logos")
