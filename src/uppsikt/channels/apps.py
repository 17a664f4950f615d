"""Django's name for the room."""

from django.apps import AppConfig


class ChannelsConfig(AppConfig):
    """The room channels."""

    name = "uppsikt.channels"
    label = "channels"
