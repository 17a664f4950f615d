"""The report as a document of its own for paper: the same tables, with a look that needs nothing else."""

from __future__ import annotations

from django.utils.safestring import SafeString, mark_safe

from uppsikt.ui import paper

# A constant: the document is printed offline, so its look lies in it.
LOOK = mark_safe("""
@page { size: A4; margin: 18mm 15mm; }
body { font: 10pt/1.4 sans-serif; color: #111; }
h1 { font-size: 17pt; margin: 0 0 4pt; }
h2 { font-size: 13pt; margin: 14pt 0 4pt; break-after: avoid; }
h3 { font-size: 11pt; margin: 10pt 0 3pt; }
table { width: 100%; border-collapse: collapse; margin: 6pt 0; }
th, td { text-align: left; vertical-align: top; border-bottom: 0.5pt solid #888; padding: 2.5pt 4pt 2.5pt 0; }
thead { display: table-header-group; }
tr { break-inside: avoid; }
caption, .ds-sr-only { position: absolute; left: -9999px; }
p { margin: 0 0 6pt; }
.u-meta, .facts { color: #444; }
""")  # our own words


def document(body: SafeString, *, title: str, language: str) -> str:
    """A whole HTML document."""
    return paper.document(body, title=title, language=language, look=LOOK)
