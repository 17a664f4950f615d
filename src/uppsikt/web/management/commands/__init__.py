"""What the launcher runs for the demo."""
