"""Django's name for the room."""

from django.apps import AppConfig


class RegisterConfig(AppConfig):
    """The room register."""

    name = "uppsikt.register"
    label = "register"
