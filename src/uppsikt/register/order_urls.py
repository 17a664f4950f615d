"""Addresses of orders and openings."""

from __future__ import annotations

from django.urls import URLPattern, path

from uppsikt.register import opening_views, order_intake_views, order_views

BASE = "bestallningar/"
urlpatterns: list[URLPattern] = [
    path(BASE, order_views.orders, name="orders"),
    path(f"{BASE}ny/", order_views.begin, name="begin_order"),
    path(f"{BASE}in/", order_intake_views.take_in, name="orders_in"),
    path(f"{BASE}in/<str:source>/<str:number>/", order_intake_views.status, name="order_status"),
    path(f"{BASE}<int:pk>/", order_views.order, name="order"),
    path(f"{BASE}<int:pk>/del/<str:step>/", order_views.step, name="order_step"),
    path(f"{BASE}<int:pk>/beslut/", order_views.decide, name="decide_order"),
    path(f"{BASE}<int:pk>/oppning/", opening_views.opening, name="opening"),
    path(f"{BASE}<int:pk>/oppning/konto/", opening_views.name_account, name="name_account"),
    path(f"{BASE}<int:pk>/oppning/lansering/<int:launch_pk>/", opening_views.launched, name="launched"),
    path(f"{BASE}<int:pk>/oppning/kontrollera/", opening_views.look_again, name="look_again"),
    path(f"{BASE}<int:pk>/oppning/oppna/", opening_views.open_account, name="open_account"),
]
