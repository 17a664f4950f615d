"""Addresses of the policy's pages."""

from __future__ import annotations

from django.urls import path

from uppsikt.policy import views

app_name = "policy"
urlpatterns = [
    path("", views.page, name="page"),
    path("uppgifter/", views.document, name="document"),
    path("regel/<str:key>/", views.rule, name="rule"),
    path("oppettider/", views.week, name="week"),
    path("oppettider/sasong/", views.season, name="new_season"),
    path("oppettider/sasong/<str:key>/", views.season, name="season"),
    path("oppettider/sasong/<str:key>/ta-bort/", views.end_season, name="end_season"),
    path("dagar/ny/", views.local_day, name="local_day"),
    path("dagar/<int:pk>/ta-bort/", views.drop_local_day, name="drop_local_day"),
]
