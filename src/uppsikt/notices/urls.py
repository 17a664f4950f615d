"""Addresses of the notices' pages."""

from __future__ import annotations

from django.urls import path

from uppsikt.notices import views

app_name = "notices"
urlpatterns = [
    path("", views.notices, name="notices"),
    path("<int:pk>/", views.open_notice, name="open"),
    path("lasta/", views.read_all, name="read_all"),
    path("e-post/", views.choose, name="choose"),
]
