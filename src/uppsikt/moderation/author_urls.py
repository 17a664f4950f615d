"""The addresses of the author's pages. The link's token is all that opens them."""

from django.urls import path

from uppsikt.moderation import author_views

app_name = "author"
urlpatterns = [
    path("<str:token>/", author_views.page, name="page"),
    path("<str:token>/begaran/", author_views.asked, name="asked"),
]
