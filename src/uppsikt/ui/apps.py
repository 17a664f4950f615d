"""Django's name for the room."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """The room ui."""

    name = "uppsikt.ui"
    label = "ui"
