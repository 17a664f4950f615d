"""Which checks an account must pass to be opened: what the policy says, and by itself what the check says (D5)."""

from __future__ import annotations

from uppsikt.policy import choices
from uppsikt.policy import queries as policy
from uppsikt.register import check_words
from uppsikt.register.checks.table import BY_CODE, CHECKS

RULE = "account.must_have"


def is_must(code: str) -> bool:
    """Whether no account may be opened with this check broken. KeyError for a code that is no check's."""
    switched: bool = policy.rule(RULE).get(code, BY_CODE[code].must)
    return switched


def options() -> list[choices.Choice]:
    """What the policy's page lets one choose among."""
    return [choices.Choice(check.code, check_words.name(check.code), check.duty, check.must) for check in CHECKS]


# Every process loads the rooms' jobs when it starts, and with them this: the policy's page always knows its choices.
choices.register(RULE, options)
