"""Addresses of the people around the accounts: rights, loans, relations."""

from django.urls import path

from uppsikt.register import loan_views, people_views, relation_views

urlpatterns = [
    path("personer/", people_views.overview, name="people"),
    path("<int:pk>/administratorer/ny/", people_views.add, name="add_administrator"),
    path("administratorer/<int:pk>/avsluta/", people_views.end, name="end_administrator"),
    path("<int:pk>/timmar/", people_views.promise, name="promise"),
    path("lan/", loan_views.listing, name="loans"),
    path("<int:pk>/lana-ut/", loan_views.lend, name="lend"),
    path("lan/<int:pk>/", loan_views.loan, name="loan"),
    path("lan/<int:pk>/<slug:deed>/", loan_views.do, name="loan_do"),
    path("relationer/", relation_views.listing, name="relations"),
    path("<int:pk>/relationer/ny/", relation_views.note, name="note_relation"),
    path("relationer/<int:pk>/", relation_views.say, name="say_relation"),
    path("relationer/<int:pk>/avsluta/", relation_views.end, name="end_relation"),
]
