"""What stands on an account's page, in order. Each part of the register adds its own."""

from __future__ import annotations

from uppsikt.register import (
    activity_views,
    audit_panel,
    capture_views,
    closing_views,
    infotext_panel,
    order_panel,
    people_views,
)
from uppsikt.register.panel import Make

PANELS: tuple[Make, ...] = (
    order_panel.panel,
    audit_panel.panel,
    audit_panel.profile_panel,
    infotext_panel.panel,
    people_views.panel,
    activity_views.panel,
    capture_views.panel,
    closing_views.panel,
    audit_panel.feed_panel,
)
