"""Django's name for the room."""

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """The room records."""

    name = "uppsikt.records"
    label = "records"
