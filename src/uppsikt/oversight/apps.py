"""Django's name for the room."""

from django.apps import AppConfig


class OversightConfig(AppConfig):
    """The room oversight."""

    name = "uppsikt.oversight"
    label = "oversight"
