"""Django's name for the room."""

from django.apps import AppConfig


class OrganisationConfig(AppConfig):
    """The room organisation."""

    name = "uppsikt.organisation"
    label = "organisation"
