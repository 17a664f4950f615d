"""Addresses of activity, and of how accounts end."""

from __future__ import annotations

from django.urls import path

from uppsikt.register import activity_views, capture_views, closing_views, transfer_views

urlpatterns = [
    path("aktivitet/", activity_views.overview, name="activity"),
    path("<int:pk>/aktivitet/", activity_views.channel, name="channel_activity"),
    path("<int:pk>/aktivitet/samtal/", activity_views.talk, name="talk"),
    path("avslut/", closing_views.ends_list, name="ends"),
    path("avslut/<int:pk>/", closing_views.closing_page, name="closing"),
    path("avslut/<int:pk>/<slug:move>/", closing_views.move_closing, name="move_closing"),
    path("<int:pk>/avsluta/", closing_views.begin_closing, name="begin_closing"),
    path("<int:pk>/overlat/", transfer_views.begin_transfer, name="begin_transfer"),
    path("overlatelse/<int:pk>/", transfer_views.transfer_page, name="transfer"),
    path("overlatelse/<int:pk>/handling.pdf", transfer_views.deed, name="deed"),
    path("overlatelse/<int:pk>/<slug:move>/", transfer_views.move_transfer, name="move_transfer"),
    path("<int:pk>/bild/", capture_views.take, name="take_capture"),
    path("bild/<int:pk>/", capture_views.capture_file, name="capture_file"),
]
