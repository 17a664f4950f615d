"""The organisation as data: boards, departments, units, sixty people, who is asked about what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from uppsikt.organisation.rules import Role

NAME = "Älvsta kommun"
COLOUR = "#1f5f8b"
DOMAIN = "alvsta.example"

# Board, department, units.
BOARDS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (
        "Kommunstyrelsen",
        "Kommunledningsförvaltningen",
        (
            "Kommunledningen",
            "Kommunikationsenheten",
            "Kundcenter",
            "Kommunkansliet",
            "HR-enheten",
            "Näringslivsenheten",
            "IT-enheten",
            "Kommunarkivet",
        ),
    ),
    ("Samhällsbyggnadsnämnden", "Samhällsbyggnadsförvaltningen", ("Gata och park", "Teknik och miljö", "Bygglov")),
    (
        "Kultur- och fritidsnämnden",
        "Kultur- och fritidsförvaltningen",
        ("Kultur och fritid", "Älvsta bibliotek", "Simhallen"),
    ),
    (
        "Barn- och utbildningsnämnden",
        "Barn- och utbildningsförvaltningen",
        ("Sagolunds förskola", "Vallskolan", "Ängsskolan", "Elevhälsan"),
    ),
    ("Socialnämnden", "Socialförvaltningen", ("Biståndsenheten", "Hemtjänsten", "Individ och familj")),
    ("Räddningsnämnden", "Räddningsförvaltningen", ("Räddningstjänsten",)),
    ("Kommunrevisionen", "Revisionskontoret", ("Revisionskontoret",)),
)


@dataclass(frozen=True, slots=True)
class Somebody:
    """One of the sixty. `everywhere` roles hold for all units, `here` roles for the unit they work in."""

    name: str
    title: str
    unit: str
    here: tuple[Role, ...] = ()
    everywhere: tuple[Role, ...] = ()

    @property
    def email(self) -> str:
        """The address, without accents."""
        plain = self.name.lower().translate(str.maketrans("åäáàöøéèüčćžš -", "aaaaooeeucczs.."))
        return f"{plain}@{DOMAIN}"


OFFICER, MANAGER, COMMS, EDITOR = (Role.OFFICER,), (Role.MANAGER,), (Role.COMMUNICATIONS,), (Role.EDITOR,)
CENTRE, CRISIS = (Role.CUSTOMER_CENTRE,), (Role.CRISIS_GROUP,)

PEOPLE = (
    # Kommunledningen
    Somebody("Margareta Ekblad", "kommundirektör", "Kommunledningen", everywhere=(Role.MANAGER, Role.CRISIS_GROUP)),
    Somebody("Reza Karimi", "säkerhetschef", "Kommunledningen", everywhere=CRISIS),
    # Kommunikationsenheten
    Somebody("Lena Hovström", "kommunikationschef", "Kommunikationsenheten", MANAGER, (*COMMS, *CRISIS)),
    Somebody("Karin Sjöstrand", "kommunikatör", "Kommunikationsenheten", everywhere=COMMS),
    Somebody("Jonas Svedberg", "webbredaktör", "Kommunikationsenheten", everywhere=EDITOR),
    Somebody("Shirin Moradi", "kommunikatör", "Kommunikationsenheten", everywhere=(*COMMS, *CRISIS)),
    Somebody("Emil Rautio", "fotograf och formgivare", "Kommunikationsenheten", everywhere=EDITOR),
    # Kundcenter
    Somebody("Inger Lagerlöv", "kundcenterchef", "Kundcenter", MANAGER),
    Somebody("Amir Khalil", "kommunvägledare", "Kundcenter", everywhere=CENTRE),
    Somebody("Jenny Strand", "kommunvägledare", "Kundcenter", everywhere=CENTRE),
    Somebody("Lisbeth Norén", "kommunvägledare", "Kundcenter", everywhere=CENTRE),
    Somebody("Hodan Warsame", "kommunvägledare", "Kundcenter", everywhere=CENTRE),
    # Kommunkansliet
    Somebody("Agneta Kvist", "kommunsekreterare", "Kommunkansliet", MANAGER),
    Somebody("Gun-Britt Laaksonen", "registrator", "Kommunkansliet", everywhere=(Role.REGISTRAR,)),
    Somebody("Oskar Thelin", "nämndsekreterare", "Kommunkansliet", OFFICER, (Role.REGISTRAR,)),
    Somebody("Selma Hadžić", "kommunjurist", "Kommunkansliet"),
    Somebody("Torbjörn Wahlgren", "dataskyddsombud", "Kommunkansliet", everywhere=(Role.DATA_PROTECTION,)),
    # HR, näringsliv, it, arkiv
    Somebody("Birgitta Sandelin", "HR-chef", "HR-enheten", MANAGER),
    Somebody("Camilla Wester", "HR-konsult", "HR-enheten", OFFICER),
    Somebody("Tobias Nyman", "rekryterare", "HR-enheten", OFFICER),
    Somebody("Patrik Ljungdahl", "näringslivschef", "Näringslivsenheten", MANAGER),
    Somebody("Daniel Fors", "näringslivsutvecklare", "Näringslivsenheten", OFFICER),
    Somebody("Rania Said", "programledare", "Näringslivsenheten", OFFICER),
    Somebody("Mikko Heikkinen", "it-chef", "IT-enheten", MANAGER),
    Somebody("Nasrin Ahmadi", "systemförvaltare", "IT-enheten", everywhere=(Role.ADMINISTRATOR,)),
    Somebody("Ulf Brännström", "kommunarkivarie", "Kommunarkivet", everywhere=(Role.ARCHIVIST,)),
    # Samhällsbyggnad
    Somebody("Annika Törnblom", "samhällsbyggnadschef", "Bygglov", MANAGER, CRISIS),
    Somebody("Ali Rahimi", "gatuchef", "Gata och park", MANAGER),
    Somebody("Stina Hägg", "parkingenjör", "Gata och park", OFFICER),
    Somebody("Roger Lundmark", "driftledare", "Gata och park", OFFICER),
    Somebody("Farhad Tehrani", "belysningsingenjör", "Gata och park"),
    Somebody("Maria Ödman", "avfallsstrateg", "Teknik och miljö"),
    Somebody("Jarmo Niskanen", "va-chef", "Teknik och miljö", MANAGER),
    Somebody("Emira Begović", "bygglovshandläggare", "Bygglov"),
    # Kultur och fritid
    Somebody("Håkan Vestman", "kultur- och fritidschef", "Kultur och fritid", MANAGER),
    Somebody("Petra Lindh", "kultursamordnare", "Kultur och fritid", OFFICER),
    Somebody("Viktor Sahlin", "producent", "Kultur och fritid", OFFICER),
    Somebody("Eeva Rinne", "bibliotekschef", "Älvsta bibliotek", MANAGER),
    Somebody("Elin Marklund", "bibliotekarie", "Älvsta bibliotek", OFFICER),
    Somebody("Hassan Noor", "barnbibliotekarie", "Älvsta bibliotek", OFFICER),
    Somebody("Ahmed Yusuf", "enhetschef", "Simhallen", MANAGER),
    Somebody("Johanna Frost", "badmästare", "Simhallen", OFFICER),
    Somebody("Kim Ekelund", "simlärare", "Simhallen", OFFICER),
    # Barn och utbildning
    Somebody("Cecilia Rydell", "utbildningschef", "Elevhälsan", MANAGER, CRISIS),
    Somebody("Monica Olsson", "rektor", "Sagolunds förskola", MANAGER),
    Somebody("Linda Hedin", "biträdande rektor", "Sagolunds förskola", OFFICER),
    Somebody("Helena Gustavsson", "rektor", "Vallskolan", (*MANAGER, *OFFICER)),
    Somebody("Peter Alm", "rektor", "Ängsskolan", (*MANAGER, *OFFICER)),
    Somebody("Fadumo Abdi", "skolsköterska", "Elevhälsan"),
    Somebody("Leila Haddad", "modersmålslärare", "Ängsskolan"),
    # Socialförvaltningen
    Somebody("Anders Kallio", "socialchef", "Individ och familj", MANAGER),
    Somebody("Yasmin Darwish", "biståndshandläggare", "Biståndsenheten"),
    Somebody("Samir Bašić", "enhetschef", "Hemtjänsten", MANAGER),
    Somebody("Britt-Marie Åslund", "undersköterska", "Hemtjänsten"),
    Somebody("Liban Farah", "socialsekreterare", "Individ och familj"),
    # Räddningstjänsten
    Somebody("Mats Engström", "räddningschef", "Räddningstjänsten", MANAGER, CRISIS),
    Somebody("Sofie Dahlin", "brandinspektör", "Räddningstjänsten", OFFICER),
    Somebody("Arvid Jönsson", "brandman", "Räddningstjänsten", OFFICER),
    Somebody("Parisa Rostami", "brandingenjör", "Räddningstjänsten"),
    # Revisionen
    Somebody("Lars-Erik Myrberg", "revisor", "Revisionskontoret", everywhere=(Role.AUDITOR,)),
)

# Department, who, about what; in the order in which they are asked. Socialförvaltningen has none: a gap to find (D4).
CONTACTS: tuple[tuple[str, str, str], ...] = (
    ("Kommunledningsförvaltningen", "Agneta Kvist", "möten, beslut och budget"),
    ("Kommunledningsförvaltningen", "Selma Hadžić", "juridik"),
    ("Kommunledningsförvaltningen", "Camilla Wester", "lediga jobb"),
    ("Samhällsbyggnadsförvaltningen", "Roger Lundmark", "gator, plogning och halka"),
    ("Samhällsbyggnadsförvaltningen", "Farhad Tehrani", "gatubelysning"),
    ("Samhällsbyggnadsförvaltningen", "Maria Ödman", "sopor och återvinning"),
    ("Samhällsbyggnadsförvaltningen", "Jarmo Niskanen", "vatten och avlopp"),
    ("Samhällsbyggnadsförvaltningen", "Emira Begović", "bygglov"),
    ("Kultur- och fritidsförvaltningen", "Eeva Rinne", "bibliotek"),
    ("Kultur- och fritidsförvaltningen", "Ahmed Yusuf", "simhallen"),
    ("Barn- och utbildningsförvaltningen", "Monica Olsson", "förskola"),
    ("Barn- och utbildningsförvaltningen", "Helena Gustavsson", "skola"),
    ("Räddningsförvaltningen", "Sofie Dahlin", "eldning och brandskydd"),
    ("Revisionskontoret", "Lars-Erik Myrberg", "granskning"),
)

# The decision that removals rest on (D45), as the board made it.
DISPOSAL: dict[str, Any] = {
    "number": "KS 2026/118 § 62",
    "name": "Dokumenthanteringsplan, sociala medier",
    "text": "Inlägg och kommentarer som strider mot lag eller kommunens husregler. Ett bevis bevaras i fem år.",
    "standing": True,
    "scope": "all",
    "decided_by": "Kommunstyrelsen",
}
# Whom the demo lets one be: role in words (Swedish, English), name.
DOORS: tuple[tuple[str, str, str], ...] = (
    ("Handläggare", "Officer", "Stina Hägg"),
    ("Kundcenter", "Customer centre", "Amir Khalil"),
    ("Chef", "Manager", "Ali Rahimi"),
    ("Kommunikationsenheten", "Communications unit", "Karin Sjöstrand"),
    ("Registrator", "Registrar", "Gun-Britt Laaksonen"),
)
