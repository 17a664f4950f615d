"""Every page that axe must pass. A room that gets a page adds a line; a test sees to it that none is forgotten."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from journeys import inbox_rooms, rooms


@dataclass(frozen=True)
class Page:
    """A page: `url_name`, the role of the one who opens it (None: nobody is logged in), and `args` of its address.

    `make` builds what the page shows and returns the address's arguments (called inside the test's database).
    `name` tells two states of one page apart.
    """

    url_name: str
    role: str | None = "administrator"
    make: Callable[[], tuple[Any, ...]] = tuple
    name: str = ""

    def __str__(self) -> str:
        return self.name or self.url_name

    def address(self) -> str:
        """The page's path; builds what it shows."""
        return reverse(self.url_name, args=self.make())


PAGES: list[Page] = [
    Page("ui:style"),
    Page("ui:appearance"),
    Page("account_login", role=None),
    Page("account_logout"),
    Page("login_link", role=None),
    Page("login_link_use", role=None, make=rooms.login_link),
    Page("login_link_use", role=None, make=rooms.dead_link, name="login_link_dead"),
    Page("web:today", role="communications", make=rooms.busy_day),
    Page("web:today", role="registrar", name="web:today-nothing"),
    Page("web:channel", role="communications", make=rooms.channel_page),
    Page("web:channel", role="manager", make=rooms.managed_channel, name="web:channel-manager"),
    Page("web:record", role="registrar", make=rooms.record),
    Page("web:person", make=rooms.one_person),
    Page("channels:channels", role="communications", make=rooms.many_channels),
    Page("channels:channels", name="channels:none"),
    Page("channels:connect"),
    Page("channels:change", role="communications", make=rooms.channel_page),
    Page("channels:reconnect", role="communications", make=rooms.channel_page),
    Page("channels:give_mandate", role="manager", make=rooms.managed_channel),
    Page("channels:give_mandate_for_all", role="manager"),
    Page("records:records", role="registrar", make=rooms.some_records),
    Page("records:records", role="registrar", name="records:none"),
    Page("organisation:units", make=rooms.roster),
    Page("organisation:people", make=rooms.people),
    Page("organisation:contacts", role="communications", make=rooms.roster),
    Page("organisation:add_contact", role="communications", make=rooms.department),
    Page("organisation:add_person"),
    Page("organisation:add_branch", make=lambda: ("enhet",)),
    Page("organisation:rename", make=lambda: ("forvaltning", *rooms.department())),
    Page("organisation:change_person", make=rooms.one_person),
    Page("organisation:give_role", make=rooms.one_person),
    Page("organisation:me"),
    Page("policy:page", role="communications"),
    Page("policy:document", role="communications"),
    Page("policy:rule", role="communications", make=lambda: ("answer.within_working_days",)),
    Page("policy:week", role="communications"),
    Page("policy:new_season", role="communications"),
    Page("policy:local_day", role="communications"),
    Page("notices:notices", role="officer", make=rooms.told),
    Page("inbox:list", role="officer", make=inbox_rooms.many_cases),
    Page("inbox:list", role="officer", name="inbox:list-none"),
    Page("inbox:case", role="officer", make=inbox_rooms.full_case),
    Page("inbox:case", role="officer", make=inbox_rooms.failed_case, name="inbox:case-failed"),
    Page("inbox:case", role="officer", make=inbox_rooms.uncertain_case, name="inbox:case-uncertain"),
    Page("inbox:case", role="officer", make=inbox_rooms.claimed_case, name="inbox:case-claimed"),
    Page("inbox:case", role="officer", make=inbox_rooms.closed_case, name="inbox:case-closed"),
    Page("inbox:case", role="registrar", make=inbox_rooms.read_only_case, name="inbox:case-read"),
    Page("expert:question", role=None, make=inbox_rooms.expert_question),
    Page("expert:question", role=None, make=inbox_rooms.expert_done, name="expert:done"),
    Page("expert:question", role=None, make=inbox_rooms.expert_dead, name="expert:dead"),
]
