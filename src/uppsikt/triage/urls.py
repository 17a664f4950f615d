"""Addresses of triage."""

from __future__ import annotations

from django.urls import path

from uppsikt.triage import views

app_name = "triage"
urlpatterns = [
    path("", views.page, name="page"),
    path("genast/", views.first, name="first"),
    path("<int:pk>/bedom/", views.judge, name="judge"),
]
