"""Addresses of moderation."""

from django.urls import path

from uppsikt.moderation import evidence_views, keys, matter_views, views

app_name = "moderation"
urlpatterns = [
    path("", views.queue, name="queue"),
    path("granska/<int:item_pk>/", views.review, name="review"),
    path("granska/<int:item_pk>/ruta/", views.review_dialog, name="review_dialog"),
    path("<int:pk>/", views.removal, name="removal"),
    path("<int:pk>/besluta/", views.decide, name="decide"),
    path("<int:pk>/avsla/", views.reject, name="reject"),
    path("<int:pk>/dra-tillbaka/", views.withdraw, name="withdraw"),
    path("<int:pk>/igen/", views.again, name="again"),
    path("<int:pk>/lagg-tillbaka/", views.restore, name="restore"),
    path("<int:pk>/avgor/", views.settle, name="settle"),
    path("forsvunnet/<int:pk>/", views.vanishing, name="vanishing"),
    path("forsvunnet/<int:pk>/svar/", views.answer_vanishing, name="answer_vanishing"),
    path("bevis/<int:pk>/", evidence_views.evidence_page, name="evidence"),
    path("bevis/<int:pk>/bild/", evidence_views.add_picture, name="add_picture"),
    path("bevis/<int:pk>/om/", evidence_views.take_again, name="take_again"),
    path("bevis/fil/<int:pk>/", evidence_views.evidence_file, name="evidence_file"),
    path("mer/<int:item_pk>/", matter_views.choose_matter, name="around"),
    path("mer/<int:item_pk>/<slug:sort>/", matter_views.begin_matter, name="begin"),
    path("polisanmalningar/<int:pk>/<str:what>", matter_views.police_file, name="police_file"),
    path("kring/<slug:sort>/", matter_views.matter_list, name="matters"),
    path("kring/<slug:sort>/<int:pk>/", matter_views.matter, name="matter"),
    path("kring/<slug:sort>/<int:pk>/gor/", matter_views.move_matter, name="move"),
]

keys.register_all()
