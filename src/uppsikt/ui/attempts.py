"""A form that is tried: its deed is done, or the form says what was wrong with what was written or asked."""

from __future__ import annotations

from collections.abc import Callable

from django.forms import Form

from uppsikt.kernel.errors import Refused

# The statuses of the page that answers.
DONE, CONFLICT, UNFIT = 200, 409, 422


def attempt(form: Form, act: Callable[[], str]) -> tuple[str, int]:
    """Check the form, then do `act`, which says what was done. Returns its words, and the status of the answer.

    UNFIT: the form's fields say what is wrong. CONFLICT: what the act refused stands among the form's errors.
    """
    if not form.is_valid():
        return "", UNFIT
    try:
        return act(), DONE
    except Refused as refused:
        form.add_error(None, refused.words)
        return "", CONFLICT
