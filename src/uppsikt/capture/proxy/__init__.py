"""Our own forward proxy: what a captured page fetches goes through it, is checked, and is recorded. Plain Python."""
