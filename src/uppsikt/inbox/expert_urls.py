"""Addresses of the expert's page. The link's token is all that opens it."""

from django.urls import path

from uppsikt.inbox import expert_views

app_name = "expert"
urlpatterns = [
    path("<str:token>/", expert_views.question, name="question"),
    path("<str:token>/svar/", expert_views.answer, name="answer"),
    path("<str:token>/undrar/", expert_views.ask_back, name="ask_back"),
    path("<str:token>/vidare/", expert_views.hand_on, name="hand_on"),
    path("<str:token>/ny-lank/", expert_views.renew, name="renew"),
    path("<str:token>/tillbaka/", expert_views.hand_back, name="hand_back"),
]
