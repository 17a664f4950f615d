"""Addresses of the pages that show several rooms; they stand first, before the rooms' own."""

from __future__ import annotations

from django.urls import path

from uppsikt.web import covers, menu, seal_views, upkeep_views, views

app_name = "web"
urlpatterns = [
    path("", views.today, name="today"),
    path("sigill/", seal_views.page, name="seals"),
    path("sigill/kontrollera/", seal_views.begin, name="begin_verification"),
    path("drift/", upkeep_views.upkeep, name="upkeep"),
    path("palett/", views.find, name="palette"),
    path("kanaler/<int:pk>/", views.channel, name="channel"),
    path("handlingar/<int:pk>/", views.record, name="record"),
    path("organisation/personer/<int:pk>/", views.person, name="person"),
]

menu.register()
covers.register()
