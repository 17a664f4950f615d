"""Django's name for the room."""

from django.apps import AppConfig


class InboxConfig(AppConfig):
    """The room inbox."""

    name = "uppsikt.inbox"
    label = "inbox"
