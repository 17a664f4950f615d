"""Django's name for the room."""

from django.apps import AppConfig


class TriageConfig(AppConfig):
    """The room triage."""

    name = "uppsikt.triage"
    label = "triage"
