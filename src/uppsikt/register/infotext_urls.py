"""Addresses of the standing text, and of what the public pages say of the municipality."""

from __future__ import annotations

from django.urls import path

from uppsikt.register import infotext_views

urlpatterns = [
    path("<int:pk>/infotext/", infotext_views.text, name="infotext"),
    path("<int:pk>/infotext/sprak/", infotext_views.choose_languages, name="infotext_languages"),
    path("offentligt/", infotext_views.public_facts, name="public_facts"),
]
