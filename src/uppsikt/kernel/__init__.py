"""Grunden: states and their one mover, the trail, blobs, working days, jobs and intents."""
