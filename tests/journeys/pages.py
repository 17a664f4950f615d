"""Every page that axe must pass. A room that gets a page adds a line; a test sees to it that none is forgotten."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.urls import reverse
from playwright.sync_api import Page as Window

from journeys import (
    directory_rooms,
    flow_rooms,
    inbox_rooms,
    matter_rooms,
    moderation_rooms,
    odd_rooms,
    order_rooms,
    oversight_rooms,
    people_rooms,
    policy_rooms,
    record_rooms,
    rooms,
    seal_rooms,
)
from uppsikt.register import order_rules


@dataclass(frozen=True)
class Page:
    """A page: `url_name`, the role of the one who opens it (None: nobody is logged in), and `args` of its address.

    `make` builds what the page shows and returns the address's arguments (called inside the test's database).
    `name` tells two states of one page apart. `then` goes on from there, to what no plain address opens; `path` stands
    instead of `url_name` for an address that is nobody's; `status` is what the address answers.
    """

    url_name: str
    role: str | None = "administrator"
    make: Callable[[], tuple[Any, ...]] = tuple
    name: str = ""
    then: Callable[[Window], None] | None = None
    path: str = ""
    status: int = 200

    def __str__(self) -> str:
        return self.name or self.url_name

    def address(self) -> str:
        """The page's path; builds what it shows."""
        args = self.make()
        return self.path or reverse(self.url_name, args=args)


PAGES: list[Page] = [
    Page("ui:style"),
    Page("ui:appearance"),
    Page("account_login", role=None),
    Page("account_login", role=None, then=odd_rooms.old_form, name="403-csrf"),
    Page("account_logout"),
    Page("account_inactive", role=None),
    Page("login_link", role=None, then=odd_rooms.link_sent, name="login_link_sent"),
    Page("login_link", role=None, then=odd_rooms.asked_too_often, name="login_link_wait"),
    Page("login_link", role=None),
    Page("login_link_use", role=None, make=rooms.login_link),
    Page("login_link_use", role=None, make=rooms.dead_link, name="login_link_dead", status=410),
    Page("web:today", role="communications", make=rooms.busy_day),
    Page("web:today", role="registrar", name="web:today-nothing"),
    Page("web:today", name="web:today-first-day"),
    Page("web:channel", role="communications", make=rooms.channel_page),
    Page("web:channel", role="communications", make=rooms.channel_being_read, name="web:channel-being-read"),
    Page("web:channel", role="manager", make=rooms.managed_channel, name="web:channel-manager"),
    Page("register:accounts", role="communications", make=order_rooms.accounts),
    Page("register:accounts", role="officer", name="register:accounts-empty"),
    Page("register:account", role="communications", make=order_rooms.account),
    Page("register:change_entry", role="communications", make=order_rooms.entry),
    Page("register:orders", role="communications", make=order_rooms.orders),
    Page("register:orders", role="auditor", name="register:orders-empty"),
    Page("register:order", role="officer", make=order_rooms.half),
    *(
        Page("register:order_step", role="officer", make=partial(order_rooms.step, name), name=f"register:order-{name}")
        for name in order_rules.STEPS
    ),
    Page("register:order", role="manager", make=order_rooms.sent, name="register:order-sent"),
    Page("register:order", role="communications", make=order_rooms.consulting, name="register:order-consulting"),
    Page("register:order", role="manager", make=order_rooms.proposed, name="register:order-proposed"),
    Page("register:opening", role="communications", make=order_rooms.begun),
    Page("register:opening", role="communications", make=order_rooms.missing, name="register:opening-missing"),
    Page("register:infotext", role="communications", make=directory_rooms.account),
    Page("register:infotext", role="officer", make=directory_rooms.long_named, name="register:infotext-no-room"),
    Page("register:public_facts", role="communications", make=directory_rooms.facts),
    *(
        Page(f"{space}:{name}", role=None, make=directory_rooms.accounts)
        for space in ("directory", "directory_en")
        for name in ("list", "report", "opinion", "thanks", "rules", "guideline", "accessibility", "embed")
    ),
    Page("directory:list", role=None, name="directory:list-empty"),
    Page(
        "directory:report",
        role=None,
        make=directory_rooms.accounts,
        then=directory_rooms.too_quick,
        name="directory:again",
    ),
    Page("directory:channel", role=None, make=directory_rooms.account),
    Page("directory_en:channel", role=None, make=directory_rooms.account),
    Page("web:record", role="registrar", make=rooms.record),
    Page("web:person", make=rooms.one_person),
    Page("web:seals", role="auditor", name="web:seals-nothing"),
    Page("web:seals", make=seal_rooms.passed, name="web:seals-passed"),
    Page("web:seals", role="communications", make=seal_rooms.failed),
    Page("web:seals", role="auditor", make=seal_rooms.running, name="web:seals-running"),
    Page("web:upkeep", name="web:upkeep-nothing"),
    Page("web:upkeep", make=odd_rooms.backups),
    Page("channels:channels", role="communications", make=rooms.many_channels),
    Page("channels:channels", name="channels:none"),
    Page("channels:connect"),
    Page("channels:connect", role="communications", then=odd_rooms.connect_nowhere, name="channels:connect-nowhere"),
    Page(
        "channels:connect",
        role="communications",
        make=odd_rooms.some_unit,
        then=odd_rooms.connect_needs,
        name="channels:connect-needs",
    ),
    Page(
        "channels:connect",
        role="communications",
        make=odd_rooms.some_unit,
        then=odd_rooms.connect_wrong_key,
        name="channels:connect-wrong-key",
    ),
    Page(
        "channels:connect",
        role="communications",
        make=odd_rooms.some_unit,
        then=odd_rooms.connect_confirm,
        name="channels:connect-confirm",
    ),
    Page("channels:change", role="communications", make=rooms.channel_page),
    Page("channels:reconnect", role="communications", make=rooms.channel_page),
    Page("channels:give_mandate", role="manager", make=rooms.managed_channel),
    Page("channels:give_mandate_for_all", role="manager"),
    Page("records:records", role="registrar", make=rooms.some_records),
    Page("records:records", role="registrar", name="records:none"),
    Page("records:records", role="registrar", make=rooms.some_records, then=odd_rooms.searched, name="records:hits"),
    Page("web:record", role="registrar", make=rooms.gone_record, name="web:record-gone"),
    Page("records:records", role="registrar", make=record_rooms.kept_searches, name="records:kept"),
    Page("records:change_search", role="registrar", make=record_rooms.own_search),
    Page("records:exports", role="registrar", make=record_rooms.files),
    Page("records:exports", role="registrar", name="records:exports-none"),
    Page("records:mark", role="registrar", make=record_rooms.open_post),
    Page("records:lift", role="registrar", make=record_rooms.secret_post),
    Page("web:record", role="registrar", make=record_rooms.secret_post, name="web:record-secret"),
    Page("web:record", role="officer", make=record_rooms.reasons, name="web:record-reasons"),
    Page("triage:page", role="administrator", name="triage:page-nothing"),
    Page("triage:page", role="officer", make=record_rooms.triage_figures),
    Page("triage:first", role="officer", make=record_rooms.urgent),
    Page("triage:first", role="auditor", name="triage:first-nothing"),
    Page("organisation:units", make=rooms.roster),
    Page("organisation:people", make=rooms.people),
    Page("organisation:contacts", role="communications", make=rooms.roster),
    Page("organisation:add_contact", role="communications", make=rooms.department),
    Page("organisation:add_person"),
    Page("organisation:add_person", then=odd_rooms.empty_form, name="organisation:add_person-wrong"),
    Page("organisation:add_branch", make=lambda: ("enhet",)),
    Page("organisation:rename", make=lambda: ("forvaltning", *rooms.department())),
    Page("organisation:change_person", make=rooms.one_person),
    Page("organisation:give_role", make=rooms.one_person),
    Page("organisation:me"),
    Page("organisation:absence", role="manager", make=flow_rooms.away),
    Page("notices:notices", role="officer", make=rooms.told),
    Page("notices:choices", role="officer", make=rooms.reached),
    Page("mfa_index", role="officer", make=people_rooms.well_guarded),
    Page("mfa_index", role="registrar", name="mfa_index-first"),
    Page("mfa_activate_totp", role="officer"),
    Page("mfa_add_webauthn", role="officer"),
    Page("mfa_edit_webauthn", role="officer", make=people_rooms.own_key, then=people_rooms.confirmed),
    Page("mfa_remove_webauthn", role="officer", make=people_rooms.own_key, then=people_rooms.confirmed),
    Page("mfa_deactivate_totp", role="officer", make=people_rooms.with_app, then=people_rooms.confirmed),
    Page("mfa_view_recovery_codes", role="officer", make=people_rooms.with_app, then=people_rooms.confirmed),
    Page("mfa_generate_recovery_codes", role="officer", make=people_rooms.with_app, then=people_rooms.confirmed),
    Page("mfa_reauthenticate", role="officer", make=people_rooms.well_guarded),
    Page("mfa_reauthenticate_webauthn", role="officer", make=people_rooms.key_alone),
    Page("web:person", make=people_rooms.locked_out, name="web:person-locked"),
    Page("organisation:sheet_in"),
    Page("organisation:sheet_in", then=people_rooms.wrong_file, name="organisation:sheet_in-wrong"),
    Page("organisation:sheet", make=people_rooms.good_sheet),
    Page("organisation:sheet", make=people_rooms.bad_sheet, name="organisation:sheet-faults"),
    Page("organisation:sheet", make=people_rooms.sheet_under_way, name="organisation:sheet-under-way"),
    Page("notices:choices", role="registrar", name="notices:choices-first"),
    Page("oversight:start", role="officer", make=oversight_rooms.news),
    Page("oversight:start", role="auditor", name="oversight:start-none"),
    Page("oversight:sweep", role="officer", make=oversight_rooms.sweep),
    Page("oversight:sweep", role="officer", make=oversight_rooms.nothing_new, name="oversight:sweep-nothing"),
    Page(
        "oversight:sweep",
        role="officer",
        make=oversight_rooms.sweep,
        then=oversight_rooms.beside,
        name="oversight:panel",
    ),
    Page(
        "oversight:sweep",
        role="officer",
        make=oversight_rooms.sweep,
        then=oversight_rooms.signing,
        name="oversight:sign",
    ),
    Page("oversight:item", role="officer", make=oversight_rooms.item),
    Page("oversight:rounds", role="officer", make=oversight_rooms.signed, name="oversight:rounds"),
    Page("oversight:rounds", role="auditor", name="oversight:rounds-none"),
    Page("oversight:round", role="officer", make=oversight_rooms.one_round),
    Page("oversight:order", role="officer", make=oversight_rooms.some_channel),
    Page("oversight:rota", role="communications", make=oversight_rooms.rota_with_holes),
    Page("oversight:rota", role="auditor", name="oversight:rota-none"),
    Page("oversight:new_duty", role="communications", make=oversight_rooms.to_keep),
    Page("oversight:plan", role="communications", make=oversight_rooms.to_keep),
    Page("oversight:report", role="auditor", make=oversight_rooms.month),
    Page("oversight:report", role="auditor", name="oversight:report-none"),
    Page("inbox:list", role="officer", make=inbox_rooms.many_cases),
    Page("inbox:list", role="officer", name="inbox:list-none"),
    Page("inbox:list", role="officer", make=inbox_rooms.filtered_cases, name="inbox:list-filtered"),
    Page("inbox:list", role="officer", make=inbox_rooms.many_cases, then=odd_rooms.marked, name="inbox:list-marked"),
    Page(
        "inbox:case",
        role="officer",
        make=inbox_rooms.templated_case,
        then=odd_rooms.picking,
        name="inbox:case-templates",
    ),
    Page(
        "inbox:case", role="officer", make=inbox_rooms.templated_case, then=odd_rooms.palette, name="inbox:case-palette"
    ),
    Page("inbox:templates", role="officer", make=inbox_rooms.some_templates),
    Page("inbox:templates", role="officer", name="inbox:templates-none"),
    Page("inbox:new_template", role="communications"),
    Page("inbox:template", role="officer", make=inbox_rooms.own_template),
    Page("inbox:template", role="officer", make=inbox_rooms.others_template, name="inbox:template-read"),
    Page("inbox:case", role="officer", make=inbox_rooms.full_case),
    Page("inbox:case", role="officer", make=inbox_rooms.failed_case, name="inbox:case-failed"),
    Page("inbox:case", role="officer", make=inbox_rooms.uncertain_case, name="inbox:case-uncertain"),
    Page("inbox:case", role="officer", make=inbox_rooms.claimed_case, name="inbox:case-claimed"),
    Page("inbox:case", role="officer", make=inbox_rooms.closed_case, name="inbox:case-closed"),
    Page("inbox:case", role="registrar", make=inbox_rooms.read_only_case, name="inbox:case-read"),
    Page("expert:question", role=None, make=inbox_rooms.expert_question),
    Page("expert:question", role=None, make=inbox_rooms.expert_done, name="expert:done"),
    Page("expert:question", role=None, make=inbox_rooms.expert_dead, name="expert:dead", status=404),
    Page("expert:question", role=None, make=flow_rooms.expert_old, name="expert:old", status=404),
    Page("expert:question", role=None, make=flow_rooms.expert_between, name="expert:between"),
    Page("inbox:case", role="officer", make=flow_rooms.together, name="inbox:case-together"),
    Page("inbox:case", role="officer", make=flow_rooms.merged, name="inbox:case-merged"),
    Page("inbox:case", role="officer", make=flow_rooms.by_hand, name="inbox:case-by-hand"),
    Page("inbox:figures", role="communications", make=flow_rooms.figures_made),
    Page("inbox:figures", role="auditor", name="inbox:figures-none"),
    Page("inbox:hand_over", role="officer"),
    Page("moderation:queue", role="officer", make=moderation_rooms.queue),
    Page("moderation:queue", role="auditor", name="moderation:queue-none"),
    Page("moderation:review", role="officer", make=moderation_rooms.review),
    Page("moderation:removal", role="officer", make=moderation_rooms.preserving, name="moderation:removal-preserving"),
    Page("moderation:removal", role="officer", make=moderation_rooms.failed, name="moderation:removal-failed"),
    Page("moderation:removal", role="manager", make=moderation_rooms.proposed, name="moderation:removal-proposed"),
    Page("moderation:removal", role="officer", make=moderation_rooms.done),
    Page("moderation:evidence", role="officer", make=moderation_rooms.proof),
    Page("moderation:evidence", role="officer", make=moderation_rooms.proof_failed, name="moderation:evidence-failed"),
    Page("moderation:vanishing", role="officer", make=moderation_rooms.vanished),
    Page("moderation:matters", role="officer", make=matter_rooms.listed),
    Page("moderation:matters", role="auditor", make=lambda: ("incidenter",), name="moderation:matters-none"),
    Page("moderation:matter", role="registrar", make=matter_rooms.ruling),
    Page("moderation:matter", role="officer", make=matter_rooms.block, name="moderation:matter-block"),
    Page("moderation:matter", role="data_protection", make=matter_rooms.incident, name="moderation:matter-incident"),
    Page("moderation:matter", role="officer", make=matter_rooms.report, name="moderation:matter-police"),
    Page("moderation:begin", role="officer", make=matter_rooms.begin),
    Page("moderation:around", role="officer", make=matter_rooms.around),
    Page("author:page", role=None, make=matter_rooms.author),
    Page("author:page", role=None, make=matter_rooms.author_in_thread, name="author:page-in-thread"),
    Page("author:asked", role=None, make=matter_rooms.author_asked),
    Page("author:page", role=None, make=lambda: ("okand",), name="author:dead", status=404),
    Page("policy:page", role="communications", make=odd_rooms.rules_changed),
    Page("policy:page", role="registrar", then=odd_rooms.counted, name="policy:page-counted"),
    Page("policy:document", role="communications"),
    Page("policy:rule", role="communications", make=lambda: ("answer.within_working_days",)),
    Page("policy:week", role="communications"),
    Page("policy:week", role="communications", then=odd_rooms.wrong_hours, name="policy:week-wrong"),
    Page("policy:new_season", role="communications"),
    Page("policy:season", role="communications", make=odd_rooms.season),
    Page("policy:local_day", role="communications"),
    Page("policy:grounds", role="communications", make=policy_rooms.own_rule),
    Page("policy:grounds", role="officer", name="policy:grounds-read"),
    Page("policy:new_ground", role="communications"),
    Page("policy:ground", role="communications", make=lambda: ("rule.insult",)),
    Page("policy:end_ground", role="communications", make=lambda: ("rule.politics",)),
    Page("policy:disposal_decisions", role="archivist", make=policy_rooms.decisions),
    Page("policy:disposal_decisions", role="auditor", name="policy:disposal_decisions-none"),
    Page("policy:new_disposal_decision", role="archivist"),
    Page("policy:disposal_decision", role="registrar", make=policy_rooms.decision),
    Page("policy:end_disposal_decision", role="archivist", make=policy_rooms.decision),
    Page("web:channel", role="communications", make=rooms.channel_page, then=odd_rooms.refused, name="409"),
    Page("404", role="officer", path="/finns-inte/", status=404),
    Page("403", role="officer", path="/ui/utseende", status=403),
    Page("400", role=None, path="/logga-in/", then=odd_rooms.bad_request),
    Page("500", role=None, path="/logga-in/", then=odd_rooms.broken),
]
