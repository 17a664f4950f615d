"""Django's name for the room."""

from django.apps import AppConfig


class PolicyConfig(AppConfig):
    """The room policy."""

    name = "uppsikt.policy"
    label = "policy"
