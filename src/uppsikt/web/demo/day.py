"""The last working day as data: what colleagues did with the conversations that the practice network plays by hand.

The names are those of `practice/content/scenes.toml`. `after` counts minutes of office hours since the comment came.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that somebody did: take, assign, forward, expert, hand_back, note, answer."""

    after: int
    verb: str
    who: str
    text: str = ""
    to: str = ""
    email: str = ""


DAY: dict[str, tuple[Deed, ...]] = {
    "lamps": (
        Deed(20, "take", "Stina Hägg"),
        Deed(45, "forward", "Stina Hägg", "När kommer entreprenören till Kvarngatan 12?", to="Farhad Tehrani"),
        Deed(
            260,
            "note",
            "Roger Lundmark",
            "Ringde entreprenören: det är ett kabelfel, de behöver gräva. Farhad har tiden, vänta på honom.",
        ),
    ),
    "glare": (
        Deed(12, "take", "Stina Hägg"),
        Deed(30, "forward", "Stina Hägg", "Kan du svara om ljusfärgen, och om skärmar?", to="Farhad Tehrani"),
        Deed(
            215,
            "expert",
            "Farhad Tehrani",
            "Hej! De nya lamporna har ljusfärgen 3 000 kelvin, som är den varmaste vi kan köpa till den här armaturen. "
            "Däremot kan vi sätta en skärm på lyktan närmast ditt hus, så att ljuset faller på gatan. Säg till vilket "
            "nummer på stolpen det gäller, så ordnar vi det.",
        ),
    ),
    "bus": (Deed(25, "take", "Roger Lundmark"),),
    "tax": (
        Deed(
            150,
            "note",
            "Jonas Svedberg",
            "Siffran står i beslutet men inte i inlägget. Den som svarar: länka till sidan om budgeten.",
        ),
    ),
    "home_care": (
        Deed(8, "take", "Jenny Strand"),
        Deed(
            50,
            "forward",
            "Jenny Strand",
            "Hon har väntat i sex veckor. Svara hur man når er, utan att gå in på ärendet.",
            to="Yasmin Darwish",
        ),
        Deed(70, "note", "Jenny Strand", "Socialförvaltningen saknar kontaktperson. Jag frågade mig fram till Yasmin."),
    ),
    "easy_read": (Deed(40, "assign", "Jenny Strand", to="Jonas Svedberg"),),
    "bin": (
        Deed(20, "take", "Amir Khalil"),
        Deed(60, "forward", "Amir Khalil", "Har bilen kört Ågatan den här veckan?", to="Maria Ödman"),
    ),
    "somali": (Deed(60, "take", "Lisbeth Norén"),),
    "warm": (Deed(30, "take", "Johanna Frost"),),
    "allergy": (
        Deed(
            25,
            "note",
            "Linda Hedin",
            "Svara inte om barnet i tråden. Jag ringer pappan i dag och avslutar ärendet sedan.",
        ),
    ),
    "burning": (Deed(12, "take", "Arvid Jönsson"),),
    "sound": (
        Deed(30, "take", "Oskar Thelin"),
        Deed(
            50,
            "forward",
            "Oskar Thelin",
            "Finns ljudet på er inspelning?",
            to="Scenteknik i Älvdalen",
            email="ljud@scenteknik.example",
        ),
    ),
    "sunday": (
        Deed(30, "take", "Elin Marklund"),
        Deed(50, "forward", "Elin Marklund", "Vad säger vi om söndagar?", to="Eeva Rinne"),
        Deed(150, "hand_back", "Eeva Rinne", "Öppettiderna bestäms av nämnden. Fråga Håkan Vestman."),
    ),
}

# The writer of this comment takes it away just before it is answered: an answer that really cannot be sent.
REGRETTED = "regretted"
TO_REGRETTED = Deed(
    0,
    "answer",
    "Sofie Dahlin",
    "Hej! Det är inte tillåtet att elda plast. Ring oss på 08-465 004 40 nästa gång det pågår, så tittar vi på det. "
    "Är det fara för någon, ring 112.",
)

# The holding answer that the account gave to `home_care`: what follows it is a promise.
HELD = "home_care_held"

# How staff end what the municipality did not answer, by the sort of the comment: outcome, reasons.
ENDS: dict[str, tuple[str, tuple[str, ...]]] = {
    "thanks": ("no_answer", ("Tackar för svaret.", "Nöjd med svaret, inget mer att svara på.")),
    "chatter": ("no_answer", ("Invånare pratar med varandra.", "Ingen fråga till oss.")),
    "praise": ("no_answer", ("Beröm. Framfört till verksamheten.", "Beröm, ingen fråga.")),
    "rude": (
        "no_answer",
        ("Otrevligt men inget brott mot kanalens regler. Står kvar, utan svar.", "Ingen fråga att svara på."),
    ),
    "link": ("no_answer", ("Reklam.", "Länk utan fråga.")),
    "opinion": ("no_answer", ("Synpunkten är noterad i enhetens lista.", "Åsikt, framförd till verksamheten.")),
    "unhappy": ("no_answer", ("Har fått svar i sak. Vi har inget att tillägga.", "Ringde upp, vi är överens nu.")),
    "personal": (
        "pass_on",
        ("Personuppgifter i tråden. Kontaktad på annat sätt.", "Enskilt ärende, lämnat till handläggaren."),
    ),
    "complaint": ("pass_on", ("Felanmält i vårt system.", "Klagomål, lämnat till enhetschefen.")),
    "question": ("pass_on", ("Rör ett enskilt ärende. Lämnat till handläggaren.", "Besvarat per telefon.")),
}
# Who waits for an answer; the others can be left without one.
WAITS = ("question", "complaint", "personal", "opinion")
BEFORE_US = "Skrivet innan vi började med Uppsikt."
