"""Django's name for the room."""

from django.apps import AppConfig


class KernelConfig(AppConfig):
    """The room kernel."""

    name = "uppsikt.kernel"
    label = "kernel"
