"""Addresses of the notices' pages."""

from __future__ import annotations

from django.urls import path

from uppsikt.notices import choice_views, views

app_name = "notices"
urlpatterns = [
    path("", views.notices, name="notices"),
    path("<int:pk>/", views.open_notice, name="open"),
    path("lasta/", views.read_all, name="read_all"),
    path("val/", choice_views.choices, name="choices"),
    path("val/tider/", choice_views.habits, name="habits"),
    path("val/telefon/", choice_views.add_phone, name="add_phone"),
    path("val/telefon/<int:pk>/kod/", choice_views.confirm_phone, name="confirm_phone"),
    path("val/push/", choice_views.add_push, name="add_push"),
    path("val/webhook/", choice_views.add_webhook, name="add_webhook"),
    path("val/<int:pk>/ta-bort/", choice_views.remove, name="remove"),
    path("val/prova/<str:way>/", choice_views.try_out, name="try_out"),
    path("val/prova/<str:way>/<int:pk>/", choice_views.try_out, name="try_out_at"),
]
