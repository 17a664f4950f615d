"""Addresses of the records' pages. The page of one record is in `web`."""

from __future__ import annotations

from django.urls import path

from uppsikt.records import views

app_name = "records"
urlpatterns = [
    path("", views.records, name="records"),
    path("<int:pk>/original/<int:number>/", views.original, name="original"),
    path("bilaga/<int:pk>/", views.attachment, name="attachment"),
]
