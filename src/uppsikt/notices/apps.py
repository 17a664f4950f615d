"""Django's name for the room."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """The room notices."""

    name = "uppsikt.notices"
    label = "notices"
