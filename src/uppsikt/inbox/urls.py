"""Addresses of the inbox."""

from django.urls import path

from uppsikt.inbox import (
    bulk_views,
    deeds,
    desk_views,
    figures_views,
    flow_deeds,
    hand_over_views,
    keys,
    template_views,
    views,
)

app_name = "inbox"
urlpatterns = [
    path("", views.list_cases, name="list"),
    path("urval/", views.choose_filters, name="filters"),
    path("flera/", bulk_views.many, name="many"),
    path("flera/angra/", bulk_views.undo, name="many_undo"),
    path("mallar/", template_views.templates, name="templates"),
    path("mallar/ny/", template_views.new, name="new_template"),
    path("mallar/<int:pk>/", template_views.change, name="template"),
    path("mallar/<int:pk>/ta-bort/", template_views.retire, name="retire_template"),
    path("<int:pk>/", views.case, name="case"),
    path("<int:pk>/utkast/", desk_views.draft, name="draft"),
    path("<int:pk>/liknande/", desk_views.likes_of, name="likes"),
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
    path("<int:pk>/at-sidan/", flow_deeds.snooze, name="snooze"),
    path("<int:pk>/ta-upp/", flow_deeds.wake, name="wake"),
    path("<int:pk>/sla-ihop/", flow_deeds.merge, name="merge"),
    path("<int:pk>/ta-isar/", flow_deeds.part, name="part"),
    path("<int:pk>/dela/", flow_deeds.split, name="split"),
    path("<int:pk>/enhet/", flow_deeds.to_unit, name="to_unit"),
    path("<int:pk>/for-hand/", deeds.by_hand, name="by_hand"),
    path("<int:pk>/vidare/<int:forward_pk>/forklara/", flow_deeds.explain, name="explain"),
    path("nasta/", flow_deeds.next_case, name="next"),
    path("siffror/", figures_views.page, name="figures"),
    path("siffror/csv/", figures_views.as_csv, name="figures_csv"),
    path("overlamna/", hand_over_views.hand_over, name="hand_over"),
    path("<int:pk>/anteckning/", deeds.note, name="note"),
    path("<int:pk>/svar/<int:answer_pk>/igen/", deeds.try_again, name="try_again"),
    path("<int:pk>/svar/<int:answer_pk>/lagg-undan/", deeds.give_up, name="give_up"),
    path("<int:pk>/angra/<int:answer_pk>/", deeds.regret, name="regret"),
    path("<int:pk>/svar/<int:answer_pk>/finns/", deeds.settle, name="settle"),
]

keys.register_all()
