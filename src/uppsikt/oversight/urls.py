"""Addresses of oversight."""

from django.urls import path

from uppsikt.oversight import (
    calendar_views,
    item_views,
    keys,
    outside_views,
    plan_views,
    report_views,
    rota_views,
    rounds_views,
    sweep_views,
)

app_name = "oversight"
urlpatterns = [
    path("", sweep_views.start, name="start"),
    path("borja/", sweep_views.begin, name="begin"),
    path("runda/<int:pk>/", sweep_views.sweep, name="sweep"),
    path("runda/<int:pk>/visat/", sweep_views.shown, name="shown"),
    path("runda/<int:pk>/signera/", sweep_views.sign, name="sign"),
    path("runda/<int:pk>/avbryt/", sweep_views.leave, name="leave"),
    path("runda/<int:pk>/konto/<int:round_pk>/tittat/", outside_views.look, name="look"),
    path("runda/<int:pk>/konto/<int:round_pk>/inte-tittat/", outside_views.look_back, name="look_back"),
    path("runda/<int:pk>/konto/<int:round_pk>/lagg-in/", outside_views.type_in, name="type_in"),
    path("runda/<int:pk>/<int:item_pk>/", item_views.item, name="item"),
    path("runda/<int:pk>/<int:item_pk>/inget-fel/", item_views.fine, name="fine"),
    path("rundor/", rounds_views.rounds, name="rounds"),
    path("rundor/<int:pk>/", rounds_views.one, name="round"),
    path("skarpt/", rounds_views.order, name="order"),
    path("skarpt/<int:pk>/avsluta/", rounds_views.stop, name="stop"),
    path("schema/", rota_views.rota, name="rota"),
    path("schema/ny/", rota_views.new, name="new_duty"),
    path("schema/<int:pk>/avsluta/", rota_views.end, name="end_duty"),
    path("schema/hur-ofta/", plan_views.change, name="plan"),
    path("schema/hur-ofta/<int:pk>/avsluta/", plan_views.end, name="end_plan"),
    path("schema/kalender/", calendar_views.make_link, name="calendar_link"),
    path("kalender/<str:token>/uppsikt.ics", calendar_views.feed, name="calendar"),
    path("rapport/", report_views.page, name="report"),
    path("rapport/csv/", report_views.as_csv, name="report_csv"),
    path("rapport/pdf/", report_views.as_pdf, name="report_pdf"),
]

keys.register_all()
