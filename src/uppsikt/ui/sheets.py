"""Tables as files that a spreadsheet opens as they are meant."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from django.http import HttpResponse

# Spreadsheets take a file for UTF-8 when it begins with this mark.
MARK = "\ufeff"
# What a spreadsheet takes for the beginning of a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_file(rows: Iterable[Iterable[object]], *, name: str) -> HttpResponse:
    """The rows, headings first, as a CSV file with semicolons; words that look like a formula are made words."""
    out = io.StringIO()
    sheet = csv.writer(out, delimiter=";")
    for row in rows:
        sheet.writerow([plain(cell) if isinstance(cell, str) else cell for cell in row])
    answer = HttpResponse(MARK + out.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


def plain(words: str) -> str:
    """Words that a spreadsheet does not take for a formula."""
    return f"'{words}" if words.startswith(FORMULA) else words
