"""The address of the author's page. The link's token is all that opens it."""

from django.urls import path

from uppsikt.moderation import author_views

app_name = "author"
urlpatterns = [path("<str:token>/", author_views.page, name="page")]
