"""Addresses of the organisation's pages. The page of one person is in `web`."""

from __future__ import annotations

from django.urls import path

from uppsikt.organisation import absence_views, contact_views, politician_views, sheet_views, views

app_name = "organisation"
urlpatterns = [
    path("", views.units, name="units"),
    path("ny/<slug:sort>/", views.add_branch, name="add_branch"),
    path("namn/<slug:sort>/<int:pk>/", views.rename, name="rename"),
    path("personer/", views.people, name="people"),
    path("personer/fil/", sheet_views.hand_in, name="sheet_in"),
    path("personer/fil/mall/", sheet_views.example, name="sheet_example"),
    path("personer/fil/<int:pk>/", sheet_views.sheet, name="sheet"),
    path("personer/fil/<int:pk>/ta-in/", sheet_views.take_in, name="sheet_take_in"),
    path("personer/ny/", views.add_person, name="add_person"),
    path("personer/<int:pk>/uppgifter/", views.change_person, name="change_person"),
    path("personer/<int:pk>/roll/", views.give_role, name="give_role"),
    path("personer/<int:pk>/fortroendevald/", politician_views.elect, name="elect"),
    path("personer/<int:pk>/inte-fortroendevald/", politician_views.unelect, name="unelect"),
    path("roller/<int:pk>/avsluta/", views.end_role, name="end_role"),
    path("kontaktpersoner/", contact_views.contacts, name="contacts"),
    path("kontaktpersoner/<int:pk>/ny/", contact_views.add, name="add_contact"),
    path("kontaktpersoner/<int:pk>/ta-bort/", contact_views.drop, name="drop_contact"),
    path("franvaro/", absence_views.page, name="absence"),
    path("franvaro/<int:pk>/avsluta/", absence_views.end, name="end_absence"),
    path("mitt-konto/", views.me, name="me"),
]
