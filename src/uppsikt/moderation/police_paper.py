"""How the report to the police looks on paper."""

from __future__ import annotations

from django.utils.safestring import mark_safe

# A constant: the document is printed offline, so its look lies in it.
LOOK = mark_safe("""
@page { size: A4; margin: 20mm 18mm; }
body { font: 11pt/1.45 "Inter", "DejaVu Sans", sans-serif; color: #111; }
h1 { font-size: 20pt; margin: 0 0 4mm; }
h2 { font-size: 13pt; margin: 8mm 0 2mm; break-after: avoid; }
p { margin: 0 0 2mm; }
dl { display: grid; grid-template-columns: 48mm 1fr; gap: 1.5mm 4mm; margin: 0; }
dt { font-weight: 600; }
dd { margin: 0; overflow-wrap: anywhere; }
blockquote { margin: 0; padding: 3mm 4mm; border-left: 1mm solid #666; background: #f4f4f4; }
blockquote { white-space: pre-wrap; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; font-size: 8pt; }
th, td { text-align: left; vertical-align: top; padding: 1mm 2mm; border-bottom: .2mm solid #bbb; }
td.d { font-family: "DejaVu Sans Mono", monospace; word-break: break-all; }
figure { margin: 4mm 0; break-inside: avoid; }
img { max-width: 100%; max-height: 220mm; border: .2mm solid #999; }
""")  # our own words
