"""Django's name for the room."""

from django.apps import AppConfig


class ModerationConfig(AppConfig):
    """The room moderation."""

    name = "uppsikt.moderation"
    label = "moderation"
