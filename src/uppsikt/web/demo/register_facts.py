"""What the municipality knows of its accounts, as data: for whom, what for, who keeps them up, and what is asked."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from uppsikt.register.relation_rules import Kind, Party


@dataclass(frozen=True, slots=True)
class Facts:
    """An account's line in the register, by its handle; `administrators` have the rights on the network itself."""

    handle: str
    subject: str
    purpose: str
    goals: str
    audience: str
    email: str
    phone: str
    hours: Decimal | None
    days: int | None
    administrators: tuple[str, ...]
    languages: tuple[str, ...] = ("sv",)

    @property
    def fields(self) -> dict[str, Any]:
        """As the register's entry has them."""
        return {
            "handle": self.handle,
            "subject": self.subject,
            "purpose": self.purpose,
            "goals": self.goals,
            "audience": self.audience,
            "contact_email": self.email,
            "contact_phone": self.phone,
            "hours_a_week": self.hours,
            "days_between_posts": self.days,
            "languages": list(self.languages),
        }


CENTRAL_MAIL, CENTRAL_PHONE = "kommun@alvsta.example", "08-465 004 00"
ENTRIES = (
    Facts(
        "alvsta",
        "municipality",
        "Berätta vad kommunen gör, svara på frågor och nå ut vid viktiga händelser.",
        "Alla frågor besvarade inom en arbetsdag. Hälften av hushållen följer kontot.",
        "Alla som bor, verkar eller är på besök i Älvsta",
        CENTRAL_MAIL,
        CENTRAL_PHONE,
        Decimal("12.0"),
        3,
        ("Karin Sjöstrand", "Jonas Svedberg", "Shirin Moradi"),
        ("sv", "sv-latt", "en", "fi"),
    ),
    Facts(
        "kundcenter",
        "municipality",
        "Svara på frågor om kommunens service och visa vart man vänder sig.",
        "Svar samma dag på nio frågor av tio.",
        "Alla som behöver komma i kontakt med kommunen",
        CENTRAL_MAIL,
        CENTRAL_PHONE,
        Decimal("10.0"),
        14,
        ("Jenny Strand", "Amir Khalil", "Karin Sjöstrand"),
        ("sv", "sv-latt", "en"),
    ),
    Facts(
        "gatapark",
        "streets",
        "Berätta om snöröjning, vägarbeten och skötsel av parker, och ta emot felanmälningar.",
        "Färre samtal om sådant som redan är känt. Fel anmälda samma dag.",
        "De som bor i Älvsta och rör sig på gator och i parker",
        "gatapark@alvsta.example",
        "08-465 004 31",
        Decimal("4.0"),
        7,
        ("Stina Hägg", "Roger Lundmark", "Karin Sjöstrand"),
    ),
    Facts(
        "bibliotek",
        "library",
        "Tipsa om böcker och berätta vad som händer på biblioteket.",
        "Fler besök på sagostunder och bokcirklar.",
        "Låntagare i alla åldrar, mest barnfamiljer",
        "bibliotek@alvsta.example",
        "08-465 004 41",
        Decimal("3.0"),
        7,
        ("Elin Marklund", "Hassan Noor", "Karin Sjöstrand"),
        ("sv", "sv-latt"),
    ),
    Facts(
        "kultur",
        "culture",
        "Visa vad som går att se, göra och lära i kommunen.",
        "Utsålda föreställningar och fulla kurser.",
        "Unga och vuxna som söker något att göra",
        "kultur@alvsta.example",
        "",
        Decimal("3.5"),
        7,
        ("Petra Lindh", "Viktor Sahlin", "Karin Sjöstrand"),
    ),
    Facts(
        "simhallen",
        "sports",
        "Berätta om öppettider, simskola och tillfälliga stängningar.",
        "Ingen ska stå framför en stängd dörr.",
        "Badgäster och föräldrar till barn i simskola",
        "simhallen@alvsta.example",
        "08-465 004 43",
        Decimal("2.0"),
        14,
        ("Johanna Frost", "Kim Ekelund", "Karin Sjöstrand"),
    ),
    # One who keeps it up alone, without a second administrator: the audit says so.
    Facts(
        "sagolund",
        "children",
        "Låt föräldrar följa vardagen på förskolan.",
        "Föräldrarna känner igen sig när barnen berättar.",
        "Föräldrar till barn på Sagolund",
        "sagolund@alvsta.example",
        "",
        Decimal("1.0"),
        14,
        ("Linda Hedin",),
    ),
    Facts(
        "raddning",
        "emergency",
        "Förebygga bränder och olyckor, och varna när något händer.",
        "Fler hem med brandvarnare. Varningar ute inom tio minuter.",
        "Alla som bor i Älvsta",
        "raddning@alvsta.example",
        "08-465 004 50",
        Decimal("4.0"),
        14,
        ("Sofie Dahlin", "Arvid Jönsson", "Karin Sjöstrand"),
    ),
    Facts(
        "fullmaktige",
        "democracy",
        "Göra det lätt att följa vad kommunfullmäktige beslutar.",
        "Varje sammanträde visat i förväg och sammanfattat dagen efter.",
        "De som vill följa besluten i kommunen",
        "kommunkansliet@alvsta.example",
        "08-465 004 12",
        Decimal("2.5"),
        31,
        ("Oskar Thelin", "Karin Sjöstrand", "Jonas Svedberg"),
    ),
    # Nobody has written how it is reached: the audit says so, too.
    Facts(
        "jobb",
        "work",
        "Visa lediga jobb och hur det är att arbeta i kommunen.",
        "Minst tre sökande till varje tjänst.",
        "De som söker arbete",
        "",
        "",
        Decimal("2.0"),
        14,
        ("Camilla Wester", "Tobias Nyman", "Karin Sjöstrand"),
    ),
    Facts(
        "rektorsbloggen",
        "education",
        "Berätta för vårdnadshavare vad som är på gång på skolan.",
        "Färre frågor om datum och rutiner.",
        "Vårdnadshavare till elever på Vallskolan",
        "vallskolan@alvsta.example",
        "08-465 004 61",
        Decimal("1.5"),
        14,
        ("Helena Gustavsson", "Peter Alm", "Karin Sjöstrand"),
    ),
    Facts(
        "podden",
        "business",
        "Lyfta fram företag i kommunen och berätta vilket stöd som finns.",
        "",
        "De som driver eller vill starta företag",
        "naringsliv@alvsta.example",
        "08-465 004 21",
        None,
        31,
        ("Daniel Fors", "Rania Said", "Karin Sjöstrand"),
    ),
)


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """An account on a network that Uppsikt does not read: known, and looked after by hand."""

    network: str
    handle: str
    name: str
    unit: str
    responsible: str
    subject: str
    # Who gives whoever is responsible a mandate; "" for those who have one on every account.
    manager: str = ""
    central: bool = False


# How the municipality itself is reached, in the public list and in every info text.
MUNICIPALITY = {
    "website": "https://www.alvsta.example",
    "email": CENTRAL_MAIL,
    "phone": CENTRAL_PHONE,
    "post": "Älvsta kommun, 123 45 Älvsta",
    "data_protection_page": "https://www.alvsta.example/personuppgifter",
}

ELSEWHERE = (
    Elsewhere(
        "facebook",
        "alvsta.example",
        "Älvsta kommun",
        "Kommunikationsenheten",
        "Karin Sjöstrand",
        "municipality",
        central=True,
    ),
    Elsewhere(
        "linkedin", "alvsta-example", "Jobba i Älvsta", "HR-enheten", "Camilla Wester", "work", "Birgitta Sandelin"
    ),
)

# Who has read and acknowledged the guideline: all with a mandate but these, who are asked to on their start page.
NOT_YET = ("Kim Ekelund", "Rania Said")

# What an account likes and follows: handle, what it does, whose account, its name and address, the local tie.
RELATIONS = (
    ("alvsta", Kind.FOLLOW, Party.MUNICIPALITY, "Grannkommunen", "https://grannkommunen.example/", ""),
    (
        "alvsta",
        Kind.LIKE,
        Party.ASSOCIATION,
        "Älvsta hembygdsförening",
        "https://hembygd.example/alvsta",
        "Sköter hembygdsgården i Älvsta tillsammans med kommunen",
    ),
    (
        "kultur",
        Kind.LIKE,
        Party.CULTURE,
        "Teaterladan",
        "https://teaterladan.example/",
        "Spelar varje sommar i kommunens lada vid ån",
    ),
)
