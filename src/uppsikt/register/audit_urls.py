"""Addresses of the audit: deviations, exemptions, profiles, logos, the feed."""

from django.urls import path

from uppsikt.register import deviation_views, feed_views, profile_views

urlpatterns = [
    path("avvikelser/", deviation_views.listing, name="deviations"),
    path("avvikelser/<int:pk>/", deviation_views.deviation, name="deviation"),
    path("avvikelser/<int:pk>/<slug:deed>/", deviation_views.do, name="deviation_do"),
    path("<int:pk>/kontrollera/", deviation_views.recheck, name="recheck"),
    path("<int:pk>/undantag/<str:code>/", deviation_views.exempt, name="exempt"),
    path("undantag/<int:pk>/avsluta/", deviation_views.end_exemption, name="end_exemption"),
    path("<int:pk>/profil/", profile_views.versions, name="profile"),
    path("<int:pk>/profil/skriv/", profile_views.write, name="profile_write"),
    path("profilbild/<int:pk>/", profile_views.picture, name="profile_picture"),
    path("logotyper/", profile_views.approved, name="logos"),
    path("logotyper/godkann/", profile_views.add_logo, name="add_logo"),
    path("logotyper/<int:pk>/bild/", profile_views.logo_picture, name="logo_picture"),
    path("logotyper/<int:pk>/avsluta/", profile_views.end_logo, name="end_logo"),
    path("handelser/", feed_views.events, name="events"),
]
