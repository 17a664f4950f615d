"""Spreadsheets that people hand in, CSV or XLSX: read within limits, each cell with its address."""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from uppsikt.kernel.errors import Refused
from uppsikt.kernel.when_used import when_used

if TYPE_CHECKING:
    import openpyxl
    import openpyxl.styles
    import openpyxl.utils
    import openpyxl.utils.exceptions
else:
    openpyxl = when_used("openpyxl")

MOST_BYTES = 5_000_000
# An XLSX is a zip: what it unpacks to is bounded too, or a small file fills the memory.
MOST_UNPACKED = 60_000_000
MOST_ROWS = 20_000
MOST_COLUMNS = 60
LONGEST_CELL = 2_000
# Columns of what is written, in letters.
WIDTH = 28
ZIP = b"PK\x03\x04"
DELIMITERS = ";,\t"
# What the library below stumbles on in a file that is broken, locked by a password or made up.
UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    OSError,
    EOFError,
    SyntaxError,
    RuntimeError,
    ArithmeticError,
)
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Row:
    """A row by its number in the file, and its cells by the column's name; each column has a letter."""

    number: int
    cells: Mapping[str, str]
    letters: Mapping[str, str]

    def get(self, column: str) -> str:
        """The cell's text, "" where there is none."""
        return self.cells.get(column, "")

    def place(self, column: str) -> str:
        """The cell's address: "C7"."""
        return f"{self.letters.get(column, '')}{self.number}"


@dataclass(frozen=True, slots=True)
class Sheet:
    """What was read: known columns by name, headings that nobody knows, and the rows that hold anything."""

    columns: tuple[str, ...]
    unknown: tuple[str, ...]
    rows: tuple[Row, ...] = field(default=())


def read(body: bytes, names: Mapping[str, Sequence[str]]) -> Sheet:
    """Read a file. `names` are the columns, each with the headings that it may bear (compared without case and signs).

    The first row that holds anything is the headings. Raises Refused("bad_sheet") with words for what is wrong.
    """
    if len(body) > MOST_BYTES:
        raise bad(_("Filen är större än fem megabyte. Dela den i flera."))
    lines = numbered(xlsx(body) if body.startswith(ZIP) else csv_rows(body))
    number, headings = next(lines, (0, []))
    if not number:
        raise bad(_("Filen är tom. Första raden ska ha rubriker."))
    known = {plain(alias): name for name, aliases in names.items() for alias in (name, *aliases)}
    columns: dict[int, str] = {}
    for index, heading in enumerate(headings):
        name = known.get(plain(heading))
        if name in columns.values():
            raise bad(_("Rubriken %(heading)s finns två gånger.") % {"heading": heading})
        if name:
            columns[index] = name
    unknown = tuple(text for index, text in enumerate(headings) if text and index not in columns)
    letters = {name: openpyxl.utils.get_column_letter(index + 1) for index, name in columns.items()}
    rows = tuple(
        Row(number, {name: cells[index] for index, name in columns.items() if index < len(cells)}, letters)
        for number, cells in lines
    )
    return Sheet(tuple(columns.values()), unknown, rows)


def bad(words: str) -> Refused:
    """The file cannot be read."""
    return Refused("bad_sheet", words)


def plain(heading: str) -> str:
    """A heading's letters alone, so that "E-post" and "epost " are one."""
    return "".join(sign for sign in heading.casefold() if sign.isalnum())


def numbered(lines: Iterable[Sequence[object]]) -> Iterator[tuple[int, list[str]]]:
    """Rows that hold anything, with the numbers that they have in the file. Raises Refused for too many."""
    for number, line in enumerate(lines, start=1):
        if number > MOST_ROWS + 1:
            raise bad(_("Filen har mer än %(most)s rader. Dela den i flera.") % {"most": MOST_ROWS})
        cells = [text(value) for value in islice(line, MOST_COLUMNS)]
        if any(cells):
            yield number, cells


def text(value: object) -> str:
    """A cell as a person reads it: whole numbers without decimals, dates as such, control signs gone, one line."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if not (value.hour or value.minute) else value.isoformat(" ", "minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return " ".join(CONTROL.sub("", str(value)).split())[:LONGEST_CELL]


def xlsx(body: bytes) -> Iterator[Sequence[object]]:
    """The rows of the first sheet of a workbook. Raises Refused."""
    broken = _("Filen går inte att läsa som en Excelfil. Spara den på nytt som .xlsx, eller som CSV.")
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            if sum(part.file_size for part in packed.infolist()) > MOST_UNPACKED:
                raise bad(_("Filen är för stor när den packas upp. Dela den i flera."))
        book = openpyxl.load_workbook(io.BytesIO(body), read_only=True, data_only=True, keep_links=False)
        sheet = book.worksheets[0]
        # A file may claim any size it likes; what is read is bounded.
        yield from sheet.iter_rows(max_row=MOST_ROWS + 2, max_col=MOST_COLUMNS, values_only=True)
    except (*UNREADABLE, openpyxl.utils.exceptions.InvalidFileException) as error:
        raise bad(broken) from error


def csv_rows(body: bytes) -> Iterator[Sequence[object]]:
    """The rows of a CSV file, whichever encoding and delimiter it has. Raises Refused."""
    words = decoded(body)
    head = next((line for line in words.splitlines() if line.strip()), "")
    delimiter = max(DELIMITERS, key=head.count)
    try:
        yield from csv.reader(io.StringIO(words, newline=""), delimiter=delimiter, strict=True)
    except csv.Error as error:
        raise bad(_("Filen går inte att läsa som CSV. Kontrollera citattecknen, eller spara den på nytt.")) from error


def decoded(body: bytes) -> str:
    """The text of a CSV file: UTF-8, UTF-16 with its mark, else what Windows writes in Sweden."""
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return body.decode("utf-16", "replace")
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return body.decode("cp1252", "replace")


def write(title: str, rows: Sequence[Sequence[object]]) -> bytes:
    """An XLSX of one sheet: the first row its headings, in bold, which stay in sight."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    page = book.create_sheet(title)
    for row in rows:
        page.append(list(row))
    for number, cell in enumerate(page[1], start=1):
        cell.font = openpyxl.styles.Font(bold=True)
        page.column_dimensions[openpyxl.utils.get_column_letter(number)].width = WIDTH
    page.freeze_panes = "A2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
