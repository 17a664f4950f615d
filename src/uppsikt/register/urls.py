"""Addresses of the register."""

from __future__ import annotations

from django.urls import URLPattern, path

from uppsikt.register import account_views, audit_urls, ends_urls, infotext_urls, order_urls, people_urls, sheet_urls

app_name = "register"
# Each part of the register has its own addresses, and adds them here: `*order_urls.urlpatterns`.
urlpatterns: list[URLPattern] = [
    path("", account_views.accounts, name="accounts"),
    path("<int:pk>/", account_views.account, name="account"),
    path("<int:pk>/uppgifter/", account_views.change_entry, name="change_entry"),
    path("<int:pk>/redan-oppet/", account_views.take_over, name="take_over"),
    *audit_urls.urlpatterns,
    *order_urls.urlpatterns,
    *people_urls.urlpatterns,
    *sheet_urls.urlpatterns,
    *ends_urls.urlpatterns,
    *infotext_urls.urlpatterns,
]
