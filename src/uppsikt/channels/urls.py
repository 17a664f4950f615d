"""Addresses of the channels' pages. The page of one channel is in `web`."""

from __future__ import annotations

from django.urls import path

from uppsikt.channels import connect_views, mandate_views, views

app_name = "channels"
urlpatterns = [
    path("", views.channels, name="channels"),
    path("anslut/", connect_views.connect, name="connect"),
    path("<int:pk>/las/", views.read_now, name="read_now"),
    path("<int:pk>/pausa/", views.pause, name="pause"),
    path("<int:pk>/starta/", views.resume, name="resume"),
    path("<int:pk>/uppgifter/", views.change, name="change"),
    path("<int:pk>/anslut-igen/", connect_views.reconnect, name="reconnect"),
    path("<int:pk>/utskick/<int:intent_pk>/", views.settle, name="settle"),
    path("<int:pk>/uppdrag/", mandate_views.give, name="give_mandate"),
    path("uppdrag/alla/", mandate_views.give, name="give_mandate_for_all"),
    path("uppdrag/<int:pk>/fornya/", mandate_views.renew, name="renew_mandate"),
    path("uppdrag/<int:pk>/avsluta/", mandate_views.end, name="end_mandate"),
]
