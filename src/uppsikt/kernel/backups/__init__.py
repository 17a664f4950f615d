"""Backups: one consistent picture of the database, every blob it names, and the keys in a place of their own.

A place for backups holds `blobs/` (shared by all, each once) and `backups/ID/` for each backup; its `manifest.json` is
written last, so that one without it is known to be half-made. Restoring is in `restoring`; what must not go out from a
restored copy is held by `uppsikt.channels.restored`.
"""
