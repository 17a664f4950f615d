"""Who may use which view, written by hand (D21, the house's matrix of roles). test_access.py holds every view to it.

Somebody who adds a view writes a line here, and so says aloud whom it is for.
"""

from uppsikt.organisation.rules import Role

EVERY_ROLE = frozenset(Role)
# Visitors too.
EVERYONE = "everyone"
# Whoever holds a one-time link; being logged in has nothing to do with it.
LINK = "link"

OFFICERS = frozenset({Role.OFFICER, Role.EDITOR, Role.CUSTOMER_CENTRE, Role.COMMUNICATIONS})
# All but the system administrator, who reads no record.
READERS = EVERY_ROLE - {Role.ADMINISTRATOR}
# A channel's responsible person may be any of these; that it is theirs is checked for each channel.
RUNNERS = OFFICERS | {Role.MANAGER, Role.ADMINISTRATOR}
CONNECTORS = frozenset({Role.COMMUNICATIONS, Role.ADMINISTRATOR})
MANAGER = frozenset({Role.MANAGER})
ROSTER = frozenset({Role.COMMUNICATIONS, Role.MANAGER})
ADMINISTRATOR = frozenset({Role.ADMINISTRATOR})

TABLE: dict[str, frozenset[Role] | str] = {
    "web:today": EVERY_ROLE,
    "web:channel": EVERY_ROLE,
    "web:person": EVERY_ROLE,
    "web:record": READERS,
    "records:records": READERS,
    "records:original": READERS,
    "records:attachment": READERS,
    "inbox:list": READERS,
    "inbox:case": READERS,
    "inbox:now": READERS,
    "inbox:claim": OFFICERS,
    "inbox:answer": OFFICERS,
    "inbox:hold": OFFICERS,
    "inbox:forward": OFFICERS,
    "inbox:withdraw": OFFICERS,
    "inbox:take": OFFICERS,
    "inbox:release": OFFICERS,
    "inbox:assign": OFFICERS,
    "inbox:no_answer": OFFICERS,
    "inbox:pass_on": OFFICERS,
    "inbox:reopen": OFFICERS,
    "inbox:note": OFFICERS,
    "inbox:try_again": OFFICERS,
    "inbox:give_up": OFFICERS,
    "inbox:settle": OFFICERS,
    "expert:question": LINK,
    "expert:answer": LINK,
    "expert:hand_back": LINK,
    "channels:channels": EVERY_ROLE,
    "channels:connect": CONNECTORS,
    "channels:change": CONNECTORS,
    "channels:read_now": RUNNERS,
    "channels:pause": RUNNERS,
    "channels:resume": RUNNERS,
    "channels:reconnect": RUNNERS,
    "channels:settle": OFFICERS,
    "channels:give_mandate": MANAGER,
    "channels:give_mandate_for_all": MANAGER,
    "channels:end_mandate": MANAGER,
    "notices:notices": EVERY_ROLE,
    "notices:open": EVERY_ROLE,
    "notices:read_all": EVERY_ROLE,
    "notices:choices": EVERY_ROLE,
    "notices:habits": EVERY_ROLE,
    "notices:add_phone": EVERY_ROLE,
    "notices:confirm_phone": EVERY_ROLE,
    "notices:add_push": EVERY_ROLE,
    "notices:add_webhook": EVERY_ROLE,
    "notices:remove": EVERY_ROLE,
    "notices:try_out": EVERY_ROLE,
    "notices:try_out_at": EVERY_ROLE,
    "policy:page": EVERY_ROLE,
    "policy:document": CONNECTORS,
    "policy:rule": CONNECTORS,
    "policy:week": CONNECTORS,
    "policy:new_season": CONNECTORS,
    "policy:season": CONNECTORS,
    "policy:end_season": CONNECTORS,
    "policy:local_day": CONNECTORS,
    "policy:drop_local_day": CONNECTORS,
    "organisation:units": EVERY_ROLE,
    "organisation:people": EVERY_ROLE,
    "organisation:contacts": EVERY_ROLE,
    "organisation:me": EVERY_ROLE,
    "organisation:add_branch": ADMINISTRATOR,
    "organisation:rename": ADMINISTRATOR,
    "organisation:add_person": ADMINISTRATOR,
    "organisation:change_person": ADMINISTRATOR,
    "organisation:give_role": ADMINISTRATOR,
    "organisation:end_role": ADMINISTRATOR,
    "organisation:add_contact": ROSTER,
    "organisation:drop_contact": ROSTER,
    "ui:theme": EVERYONE,
    "ui:logo": EVERYONE,
    "ui:language": EVERYONE,
    "ui:scheme": EVERYONE,
    "ui:appearance": ADMINISTRATOR,
    "ui:style": ADMINISTRATOR,
    "account_login": EVERYONE,
    "account_inactive": EVERYONE,
    "account_logout": EVERY_ROLE,
    "login_link": EVERYONE,
    "login_link_use": LINK,
}

# What an auditor, who changes nothing, may still send: choices about themselves.
ONES_OWN = {
    "notices:open",
    "notices:read_all",
    *(name for name in TABLE if name.startswith("notices:") and name != "notices:notices"),
    "organisation:me",
    "account_logout",
}
