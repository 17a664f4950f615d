"""The kernel's own management commands."""
