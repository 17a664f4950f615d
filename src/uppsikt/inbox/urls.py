"""Addresses of the inbox."""

from django.urls import path

from uppsikt.inbox import deeds, views

app_name = "inbox"
urlpatterns = [
    path("", views.list_cases, name="list"),
    path("<int:pk>/", views.case, name="case"),
    path("<int:pk>/nu/", views.now, name="now"),
    path("<int:pk>/pagar/", views.claim, name="claim"),
    path("<int:pk>/svar/", deeds.answer, name="answer"),
    path("<int:pk>/mellansvar/", deeds.hold, name="hold"),
    path("<int:pk>/vidare/", deeds.forward, name="forward"),
    path("<int:pk>/vidare/<int:forward_pk>/ta-tillbaka/", deeds.withdraw, name="withdraw"),
    path("<int:pk>/ta/", deeds.take, name="take"),
    path("<int:pk>/slapp/", deeds.release, name="release"),
    path("<int:pk>/lamna-over/", deeds.assign, name="assign"),
    path("<int:pk>/inget-svar/", deeds.no_answer, name="no_answer"),
    path("<int:pk>/handlaggning/", deeds.pass_on, name="pass_on"),
    path("<int:pk>/oppna/", deeds.reopen, name="reopen"),
    path("<int:pk>/anteckning/", deeds.note, name="note"),
    path("<int:pk>/svar/<int:answer_pk>/igen/", deeds.try_again, name="try_again"),
    path("<int:pk>/svar/<int:answer_pk>/lagg-undan/", deeds.give_up, name="give_up"),
    path("<int:pk>/svar/<int:answer_pk>/finns/", deeds.settle, name="settle"),
]
