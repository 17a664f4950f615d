"""Ögonblicksbilder och bevis: a page as it was, with all that it was made of, signed and time-stamped. Plain Python.

`page` takes it, `package` closes it, `verifying` looks at it again, alone and without a database.
"""
