"""The twelve channels as data: who answers for them, and who has which mandate on them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Account:
    """An account on the practice network. `staff` have a mandate there, given by the manager."""

    handle: str
    unit: str
    responsible: str
    manager: str
    staff: tuple[str, ...]
    central: bool = False


CENTRE = ("Jenny Strand", "Amir Khalil", "Lisbeth Norén")
ACCOUNTS = (
    Account(
        "alvsta",
        "Kommunikationsenheten",
        "Karin Sjöstrand",
        "Lena Hovström",
        ("Jonas Svedberg", *CENTRE),
        central=True,
    ),
    Account("kundcenter", "Kundcenter", "Jenny Strand", "Inger Lagerlöv", CENTRE, central=True),
    Account("gatapark", "Gata och park", "Stina Hägg", "Ali Rahimi", ("Stina Hägg", "Roger Lundmark")),
    Account("bibliotek", "Älvsta bibliotek", "Elin Marklund", "Eeva Rinne", ("Elin Marklund", "Hassan Noor")),
    Account("kultur", "Kultur och fritid", "Petra Lindh", "Håkan Vestman", ("Petra Lindh", "Viktor Sahlin")),
    Account("simhallen", "Simhallen", "Johanna Frost", "Ahmed Yusuf", ("Johanna Frost", "Kim Ekelund")),
    Account("sagolund", "Sagolunds förskola", "Linda Hedin", "Monica Olsson", ("Linda Hedin",)),
    Account("raddning", "Räddningstjänsten", "Sofie Dahlin", "Mats Engström", ("Sofie Dahlin", "Arvid Jönsson")),
    Account(
        "fullmaktige",
        "Kommunkansliet",
        "Oskar Thelin",
        "Agneta Kvist",
        ("Oskar Thelin", "Jonas Svedberg", "Amir Khalil"),
        central=True,
    ),
    Account("jobb", "HR-enheten", "Camilla Wester", "Birgitta Sandelin", ("Camilla Wester", "Tobias Nyman")),
    Account("rektorsbloggen", "Vallskolan", "Helena Gustavsson", "Cecilia Rydell", ("Helena Gustavsson", "Peter Alm")),
    Account("podden", "Näringslivsenheten", "Daniel Fors", "Patrik Ljungdahl", ("Daniel Fors", "Rania Said")),
)

# Mandates for every channel, given by the head of the municipality.
EVERYWHERE = ("Lena Hovström", "Karin Sjöstrand", "Shirin Moradi")


@dataclass(frozen=True, slots=True)
class Apart:
    """A mandate that is not like the others. Days from the demo's first day: when it begins, when it ends."""

    who: str
    handle: str
    manager: str
    reason: str
    since: int | None = None
    until: int | None = None
    ended: int | None = None


APART = (
    Apart("Stina Hägg", "alvsta", "Lena Hovström", "Svarar om gator och parker medan Emil Rautio är ledig", until=5),
    Apart("Lisbeth Norén", "fullmaktige", "Agneta Kvist", "Hjälper till inför budgetmötet", until=12),
    Apart("Emil Rautio", "alvsta", "Lena Hovström", "Lägger ut bilder", since=6),
    Apart("Hodan Warsame", "kundcenter", "Inger Lagerlöv", "Sommarvikarie", since=-24, until=-3),
    Apart("Viktor Sahlin", "bibliotek", "Eeva Rinne", "Lånades ut till bokveckan", ended=-9),
)
