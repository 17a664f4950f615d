"""Addresses of the look's own pages."""

from __future__ import annotations

from django.urls import path

from uppsikt.ui import views

app_name = "ui"
urlpatterns = [
    path("theme.css", views.theme, name="theme"),
    path("logo", views.logo, name="logo"),
    path("sprak", views.language, name="language"),
    path("fargschema", views.scheme, name="scheme"),
    path("utseende", views.appearance, name="appearance"),
    path("stil", views.style, name="style"),
]
