"""Finds, silence and ends in words: states, what was done, where something was found."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Tagged = tuple[Promise, str]

FINDS: Mapping[str, Tagged] = {
    "new": (_("Att bedöma"), "warning"),
    "taken_in": (_("I registret"), "success"),
    "not_ours": (_("Inte vårt"), "neutral"),
    "impersonation": (_("Utger sig för att vara oss"), "danger"),
    "gone": (_("Borta"), "neutral"),
}
SOURCES: Mapping[str, Promise] = {
    "website": _("länk på webbplatsen"),
    "records": _("någon skrev adressen"),
    "person": _("en kollega"),
}
STILL: Mapping[str, Tagged] = {
    "still": (_("Ligger still"), "warning"),
    "talked": (_("Ni har talats vid"), "info"),
    "proposed": (_("Föreslås avslutas"), "danger"),
    "risen": (_("Används igen"), "success"),
    "left": (_("Avslutat"), "neutral"),
}
CLOSINGS: Mapping[str, Tagged] = {
    "asked": (_("Väntar på beslut"), "warning"),
    "approved": (_("Ska avslutas"), "info"),
    "refused": (_("Kontot är kvar"), "neutral"),
    "withdrawn": (_("Tillbakataget"), "neutral"),
    "closed": (_("Avslutat"), "success"),
}
TRANSFERS: Mapping[str, Tagged] = {
    "preparing": (_("Förbereds"), "info"),
    "transferred": (_("Överlåtet"), "success"),
    "withdrawn": (_("Tillbakataget"), "neutral"),
}
CAPTURES: Mapping[str, Tagged] = {
    "wanted": (_("Tas snart"), "info"),
    "taking": (_("Tas just nu"), "info"),
    "kept": (_("Sparad"), "success"),
    "failed": (_("Gick inte"), "danger"),
}
WHY: Mapping[str, Promise] = {
    "closing": _("när kontot avslutades"),
    "transfer": _("när kontot överläts"),
    "profile": _("när kontot såg annorlunda ut"),
    "asked": _("på begäran"),
}
VIEWS: Mapping[str, Promise] = {"agree": _("Har inget att invända"), "object": _("Har invändningar")}
STEPS: Mapping[str, str | Promise] = {
    "ask": _("föreslog att kontot avslutas"),
    "remind": _("påminde om det"),
    "view": _("svarade på samrådet"),
    "approve": _("beslutade att kontot avslutas"),
    "refuse": _("beslutade att kontot är kvar"),
    "write": _("skrev inlägget"),
    "posted": _("såg inlägget på nätet"),
    "capture": _("bad om den sista ögonblicksbilden"),
    "ended": _("såg att kontot är borta på nätet"),
    "finish": _("avslutade kontot"),
    "withdraw": _("tog tillbaka det"),
    "begin": _("började förbereda överlåtelsen"),
    "decide": _("skrev in nämndens beslut"),
    "check": _("kontrollerade kontots sida"),
    "draw_up": _("skrev överlåtelsehandlingen"),
    "hand_over": _("överlät kontot"),
    "find": _("fann det"),
    "talk": _("antecknade ett samtal"),
    "propose": _("föreslog att kontot avslutas"),
    "rise": _("såg att kontot används igen"),
    "leave": _("slutade bevaka det"),
}


# Why nothing can be told of an account's activity: as a tag in a list, and in whole words.
UNREAD: Mapping[str, tuple[Promise, Promise]] = {
    "elsewhere": (
        _("Läses inte härifrån"),
        _("Kontot läses inte härifrån, så Uppsikt vet inte när det användes senast."),
    ),
    "trouble": (
        _("Går inte att läsa just nu"),
        _(
            "Kontot går inte att läsa just nu, så Uppsikt vet inte när det användes senast. "
            "Felet står på kanalens sida."
        ),
    ),
    "behind": (
        _("Hämtas än"),
        _("Det som är skrivet förut hämtas än, så Uppsikt vet inte när kontot användes senast."),
    ),
    "resting": (_("Läses inte nu"), _("Kontot läses inte nu, så Uppsikt vet inte när det användes senast.")),
}


def tagged(words: Mapping[str, Tagged], state: str) -> tuple[str, str]:
    """A state in words, and the tone of its tag."""
    label, tone = words[state]
    return str(label), tone


def why(code: str) -> str:
    """Why a picture was taken."""
    return str(WHY.get(code, code))


def unread(code: str) -> tuple[str, str]:
    """Why nothing can be told of an account's activity, as a tag and in whole words; empty for one that is read."""
    short, whole = UNREAD.get(code, ("", ""))
    return str(short), str(whole)
