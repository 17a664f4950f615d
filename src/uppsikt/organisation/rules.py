"""Who may do what: the roles of the house, as data."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """A role is given to a person on a unit, or for all units."""

    OFFICER = "officer"
    EDITOR = "editor"
    CUSTOMER_CENTRE = "customer_centre"
    MANAGER = "manager"
    COMMUNICATIONS = "communications"
    REGISTRAR = "registrar"
    ARCHIVIST = "archivist"
    DATA_PROTECTION = "data_protection"
    CRISIS_GROUP = "crisis_group"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


# Those who work with channels; on which ones, a mandate says.
STAFF = (Role.OFFICER, Role.EDITOR, Role.CUSTOMER_CENTRE, Role.COMMUNICATIONS)

# Those who read records that are open within the authority. The system administrator reads none (house rule).
READERS = (
    *STAFF,
    Role.MANAGER,
    Role.REGISTRAR,
    Role.ARCHIVIST,
    Role.DATA_PROTECTION,
    Role.CRISIS_GROUP,
    Role.AUDITOR,
)

# Social media are no political arena (D34): of all roles somebody elected may hold the auditor's alone, since the
# municipality's auditors are elected and change nothing (kommunallagen (2017:725) 12 kap.).
FOR_POLITICIANS = frozenset({Role.AUDITOR.value})
