"""Addresses of what takes accounts in, and of what was found."""

from __future__ import annotations

from django.urls import path

from uppsikt.register import discover_views, sheet_views

urlpatterns = [
    path("fil/", sheet_views.hand_in, name="sheet_in"),
    path("fil/mall/", sheet_views.example, name="sheet_example"),
    path("fil/<int:pk>/", sheet_views.sheet, name="sheet"),
    path("fil/<int:pk>/ta-in/", sheet_views.take_in, name="sheet_take_in"),
    path("hittade/", discover_views.finds, name="finds"),
    path("hittade/sok/", discover_views.search, name="search_site"),
    path("hittade/anmal/", discover_views.report, name="report_find"),
    path("hittade/<int:pk>/", discover_views.find, name="find"),
    path("hittade/<int:pk>/ta-in/", discover_views.take_in, name="take_in_find"),
    path("hittade/<int:pk>/bedom/", discover_views.judge, name="judge_find"),
]
