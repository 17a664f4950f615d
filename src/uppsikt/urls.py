"""All addresses, room by room."""

from allauth.account import views as account
from django.urls import include, path

from uppsikt.register import directory_urls, directory_views
from uppsikt.ui.access import everyone
from uppsikt.web import login_views, security_views

# Of allauth's pages we show only those that we need, each with its rule.
login = [
    path("logga-in/", everyone(account.login), name="account_login"),
    path("logga-ut/", login_views.logout, name="account_logout"),
    # Where allauth sends somebody whose account has been closed.
    path("logga-in/avstangt/", everyone(account.account_inactive), name="account_inactive"),
    path("logga-in/lank/", login_views.ask_for_link, name="login_link"),
    path("logga-in/lank/<str:token>/", login_views.use_link, name="login_link_use"),
]

# Django looks for these by name.
handler400 = "uppsikt.ui.views.bad_request"
handler403 = "uppsikt.ui.views.forbidden"
handler404 = "uppsikt.ui.views.not_found"
handler500 = "uppsikt.ui.views.broken"

urlpatterns = [
    path("", include("uppsikt.web.urls")),
    path("uppsikt/", include("uppsikt.oversight.urls")),
    path("inkorg/", include("uppsikt.inbox.urls")),
    path("svara/", include("uppsikt.inbox.expert_urls")),
    path("omprovning/", include("uppsikt.moderation.author_urls")),
    path("handlingar/", include("uppsikt.records.urls")),
    path("borttaget/", include("uppsikt.moderation.urls")),
    path("forgranskning/", include("uppsikt.triage.urls")),
    path("kanaler/", include("uppsikt.channels.urls")),
    path("konton/", include("uppsikt.register.urls")),
    path("vara-kanaler/", include(directory_urls.SWEDISH)),
    path("our-channels/", include(directory_urls.ENGLISH)),
    # The shortest way to an account's page in the public list, for texts with little room on the networks.
    path("k/<int:pk>", directory_views.short, name="account_short"),
    path("aviseringar/", include("uppsikt.notices.urls")),
    path("regler/", include("uppsikt.policy.urls")),
    path("organisation/", include("uppsikt.organisation.urls")),
    path("ui/", include("uppsikt.ui.urls")),
    *login,
    *security_views.urlpatterns,
]
