"""Addresses of the records' pages. The page of one record is in `web`."""

from __future__ import annotations

from django.urls import path

from uppsikt.records import keys, search_views, secrecy_views, views

app_name = "records"
urlpatterns = [
    path("", views.records, name="records"),
    path("<int:pk>/original/<int:number>/", views.original, name="original"),
    path("bilaga/<int:pk>/", views.attachment, name="attachment"),
    path("<int:pk>/sekretess/", secrecy_views.mark, name="mark"),
    path("<int:pk>/sekretess/hav/", secrecy_views.lift, name="lift"),
    path("sokningar/spara/", search_views.save, name="save_search"),
    path("sokningar/<int:pk>/", search_views.change, name="change_search"),
    path("sokningar/<int:pk>/ta-bort/", search_views.remove, name="remove_search"),
    path("export/", search_views.exports, name="exports"),
    path("export/bestall/", search_views.order, name="order"),
    path("export/<int:pk>/fil/", search_views.download, name="download"),
    path("export/<int:pk>/avbryt/", search_views.cancel, name="cancel"),
    path("export/<int:pk>/ta-bort/", search_views.drop, name="drop"),
]

keys.register_all()
