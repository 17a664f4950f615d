"""Addresses of the policy's pages."""

from __future__ import annotations

from django.urls import path

from uppsikt.policy import ground_views, guideline_views, views

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
    path("riktlinje/", guideline_views.page, name="guideline"),
    path("riktlinje/ny/", guideline_views.new_edition, name="new_edition"),
    path("kurser/", guideline_views.courses, name="courses"),
    path("kurser/<slug:code>/", guideline_views.course, name="course"),
    path("grunder/", ground_views.list_grounds, name="grounds"),
    path("grunder/ny/", ground_views.new_ground, name="new_ground"),
    path("grunder/<str:code>/", ground_views.change_ground, name="ground"),
    path("grunder/<str:code>/ta-bort/", ground_views.end_ground, name="end_ground"),
    path("gallringsbeslut/", ground_views.list_decisions, name="disposal_decisions"),
    path("gallringsbeslut/nytt/", ground_views.new_decision, name="new_disposal_decision"),
    path("gallringsbeslut/<int:pk>/", ground_views.change_decision, name="disposal_decision"),
    path("gallringsbeslut/<int:pk>/avsluta/", ground_views.end_decision, name="end_disposal_decision"),
]
