"""What is wrong with a channel, in words: what has happened, and what to do; the same words in the terminal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from uppsikt.channels.rules import Act


@dataclass(frozen=True, slots=True)
class Trouble:
    """A trouble as a person reads it: a title of a few words, and what to do about it."""

    title: str
    todo: str


Pair = tuple[str | Promise, str | Promise]

REACH: dict[str, Pair] = {
    "bad_address": (
        lazy("Adressen går inte att läsa"),
        lazy("Skriv den som den står i webbläsaren, till exempel https://blogg.kommunen.se."),
    ),
    "site_down": (
        lazy("Webbplatsen svarar inte"),
        lazy(
            "Kontrollera adressen, och att webbplatsen går att öppna i en webbläsare. Är den nere är det "
            "dess ägare som kan hjälpa."
        ),
    ),
    "timeout": (
        lazy("Webbplatsen svarade inte i tid"),
        lazy("Vänta några minuter och försök igen. Händer det ofta behöver den som driver webbplatsen se över den."),
    ),
    "too_slow": (
        lazy("Svaret kom för långsamt"),
        lazy(
            "Uppsikt avbröt för att inte fastna. Försök igen senare. Händer det ofta, tala med den som "
            "driver webbplatsen."
        ),
    ),
    "too_large": (
        lazy("Svaret var för stort"),
        lazy("Uppsikt tar inte emot svar av den storleken. Tala med den som driver webbplatsen om vad den skickar."),
    ),
    "too_many_redirects": (
        lazy("Adressen skickar runt i en cirkel"),
        lazy("Öppna webbplatsen i en webbläsare och använd den adress som du hamnar på."),
    ),
    "unsafe_redirect": (
        lazy("Webbplatsen skickar vidare på ett osäkert sätt"),
        lazy(
            "Använd den adress som webbplatsen har i dag, med https. Be annars den som driver den att rätta "
            "omdirigeringen."
        ),
    ),
    "private_address": (
        lazy("Adressen leder in i ett internt nät"),
        lazy(
            "Av säkerhetsskäl hämtar Uppsikt bara från öppna nätet. Ska just den här servern läsas lägger "
            "driften till den i UPPSIKT_ALLOW_PRIVATE."
        ),
    ),
    "certificate": (
        lazy("Webbplatsens certifikat går inte att lita på"),
        lazy(
            "Det kan ha gått ut. Be den som driver webbplatsen att förnya det. Uppsikt skickar inga lösenord "
            "innan dess."
        ),
    ),
    "insecure": (
        lazy("Lösenordet skulle ha skickats okrypterat"),
        lazy("Använd webbplatsens adress med https. Saknar den https måste det ordnas först."),
    ),
    "broken_answer": (
        lazy("Svaret gick sönder på vägen"),
        lazy("Uppsikt försöker igen av sig självt. Fortsätter det, tala med den som driver webbplatsen."),
    ),
}

ANSWERS: dict[str, Pair] = {
    "not_recognised": (
        lazy("Uppsikt känner inte igen webbplatsen"),
        lazy(
            "Just nu kan Uppsikt ansluta WordPress-webbplatser och övningsnätet. Kontrollera att adressen "
            "leder till webbplatsens förstasida."
        ),
    ),
    "unknown_network": (
        lazy("Nätet finns inte i den här installationen"),
        lazy("Uppsikt kan ha bytts mot en äldre version. Be driften uppdatera."),
    ),
    "not_json": (
        lazy("Webbplatsen svarade med en webbsida i stället för data"),
        lazy(
            "Dess programgränssnitt är avstängt eller skymt, ofta av ett säkerhetstillägg, en "
            "inloggningssida eller underhållsläge. Be webbplatsens ansvariga att öppna det (i WordPress: "
            "REST API)."
        ),
    ),
    "login_wall": (
        lazy("Webbplatsen ber om inloggning innan den svarar"),
        lazy(
            "En inloggningssida står i vägen för programgränssnittet, till exempel på ett intranät. Be webbplatsens "
            "ansvariga att släppa förbi det."
        ),
    ),
    "maintenance": (
        lazy("Webbplatsen är stängd för underhåll"),
        lazy("Uppsikt försöker igen av sig självt. Ingenting går förlorat under tiden."),
    ),
    "moved": (
        lazy("Webbplatsen har en annan adress"),
        lazy("Den skickar vidare till en annan server, och dit lämnar Uppsikt inga lösenord. Anslut med den adressen."),
    ),
    "login_ignored": (
        lazy("Webbplatsen tar inte emot applikationslösenord"),
        lazy(
            "De är avstängda där, eller så tas de bort på vägen av webbservern. Be webbplatsens ansvariga att slå på "
            "dem. I WordPress krävs https."
        ),
    ),
    "wrong_shape": (
        lazy("Svaret såg inte ut som väntat"),
        lazy(
            "Webbplatsen kan ha ett tillägg som ändrar svaren, eller en ovanlig version. Inget har gått "
            "förlorat. Visa det här för webbplatsens ansvariga."
        ),
    ),
    "wrong_password": (
        lazy("Fel användarnamn eller lösenord"),
        lazy(
            "Kontrollera båda. I WordPress behövs ett applikationslösenord, som du skapar på din profilsida "
            "där. Ditt vanliga lösenord fungerar inte."
        ),
    ),
    "revoked": (
        lazy("Lösenordet har dragits in"),
        lazy(
            "Det fungerade tidigare men släpper inte in Uppsikt längre. Skapa ett nytt hos nätet och välj "
            "sedan Anslut igen."
        ),
    ),
    "forbidden": (
        lazy("Kontot har inte rätt till detta"),
        lazy(
            "Logga in hos nätet som administratör och ge kontot rätt att läsa och besvara kommentarer (i "
            "WordPress: rollen Redaktör)."
        ),
    ),
    "not_found": (
        lazy("Det finns inte längre på den adressen"),
        lazy("Kontot eller inlägget kan ha tagits bort eller flyttat. Öppna adressen i en webbläsare och se efter."),
    ),
    "rate_limited": (
        lazy("Nätet ber oss vänta"),
        lazy("Uppsikt har frågat så ofta som nätet tillåter och fortsätter av sig självt. Du behöver inte göra något."),
    ),
    "rejected": (
        lazy("Nätet tog inte emot svaret"),
        lazy(
            "Inlägget kan vara stängt för kommentarer, eller så innehåller texten något som nätet inte "
            "släpper igenom. Ändra texten, eller svara direkt på nätet."
        ),
    ),
    "duplicate": (
        lazy("Nätet säger att svaret redan finns där"),
        lazy("Öppna konversationen på nätet, se efter om svaret finns, och säg sedan här hur det är."),
    ),
    "unknown_outcome": (
        lazy("Det går inte att se om svaret kom fram"),
        lazy(
            "Förbindelsen bröts mitt i. Uppsikt läser av nätet innan något skickas igen. Du kan också se efter själv."
        ),
    ),
    "worker_died": (
        lazy("Uppsikt avbröts mitt i en sändning"),
        lazy("Uppsikt läser av nätet för att se om svaret kom fram, innan något skickas igen."),
    ),
    "locked": (
        lazy("De sparade inloggningsuppgifterna går inte att öppna"),
        lazy(
            "Uppsikt körs med en annan nyckel än den som de låstes med. Anslut igen, eller be driften "
            "återställa nyckeln (UPPSIKT_CREDENTIALS_KEY)."
        ),
    ),
}

TROUBLES = {**REACH, **ANSWERS}


def trouble(code: str, facts: Mapping[str, str] | None = None) -> Trouble:
    """The words for a code of `connectors.base.Trouble`; a code that we have no words for is shown as it is.

    What the network said is added where it helps whoever runs the site: the status, a page's title, a new address.
    """
    if code not in TROUBLES:
        title = _("Något gick fel (%(code)s)") % {"code": code}
        return Trouble(title, _("Försök igen. Hjälper det inte, kontakta supporten och visa den här texten."))
    title, todo = map(str, TROUBLES[code])
    known = facts or {}
    if status := known.get("status", ""):
        title = _("%(title)s (svar %(status)s)") % {"title": title, "status": status[:10]}
    if page := known.get("title", ""):
        todo += " " + _("Sidan som kom heter \u201d%(page)s\u201d.") % {"page": page[:100]}
    if to := known.get("to", ""):
        todo += " " + _("Ny adress: %(address)s") % {"address": to[:200]}
    return Trouble(title, todo)


FOUND: dict[str, str | Promise] = {
    "application_passwords": lazy("Applikationslösenord"),
    "posts": lazy("Inlägg"),
    "comments": lazy("Kommentarer"),
    "accounts": lazy("Konton där"),
    "handle": lazy("Konto"),
}


def found(facts: Mapping[str, str]) -> list[tuple[str, str]]:
    """What an address turned out to hold, in words; what only programs care for is left out."""
    said = {"yes": _("tillåts"), "no": _("är avstängda")}
    return [(str(FOUND[name]), said.get(value, value)) for name, value in facts.items() if name in FOUND]


NETWORKS: dict[str, tuple[str | Promise, str]] = {
    "wordpress": (lazy("WordPress"), "wordpress"),
    "practice": (lazy("Övningsnätet"), "broadcast"),
}


def network(name: str) -> str:
    """A network's name for people."""
    return str(NETWORKS.get(name, (name, ""))[0])


def network_icon(name: str) -> str:
    """A network's icon."""
    return NETWORKS.get(name, ("", ""))[1] or "globe"


STATES: dict[str, str | Promise] = {
    "live": lazy("Ansluten"),
    "paused": lazy("Pausad"),
    "closed": lazy("Avslutad"),
}

NEEDS: dict[str, Pair] = {
    "username": (
        lazy("Användarnamn"),
        lazy("Kontot som Uppsikt loggar in med hos nätet. Ett eget konto för kommunen, aldrig någons privata."),
    ),
    "application_password": (
        lazy("Applikationslösenord"),
        lazy(
            "Skapas i WordPress under Användare, Profil, Applikationslösenord. Uppsikt låser in det och "
            "visar det aldrig igen."
        ),
    ),
    "password": (lazy("Lösenord"), lazy("Uppsikt låser in det och visar det aldrig igen.")),
    "token": (lazy("Åtkomstnyckel"), lazy("Kontots nyckel hos nätet. Uppsikt låser in den och visar den aldrig igen.")),
}


# Of what a network needs, what may be shown while it is typed.
SHOWN = {"username"}


def need(name: str) -> tuple[str, str]:
    """What a needed field is called, and help for it."""
    label, helped = NEEDS.get(name, (name, ""))
    return str(label), str(helped)


ACTS: dict[str, str | Promise] = {
    Act.ANSWER.value: lazy("svara"),
    Act.PUBLISH.value: lazy("publicera inlägg"),
    Act.HIDE.value: lazy("dölja kommentarer"),
    Act.REMOVE.value: lazy("ta bort kommentarer"),
}

CAN: dict[str, str | Promise] = {
    "reply": lazy("svara"),
    "hide": lazy("dölja"),
    "remove": lazy("ta bort"),
    "approve": lazy("godkänna"),
    "post": lazy("publicera"),
}

STEPS: dict[str, str | Promise] = {
    "connect": lazy("anslöt kanalen"),
    "reconnect": lazy("anslöt kanalen igen"),
    "pause": lazy("pausade kanalen"),
    "resume": lazy("startade kanalen igen"),
    "close": lazy("avslutade kanalen"),
    "change": lazy("ändrade kanalens uppgifter"),
    "trouble": lazy("kunde inte läsa kanalen"),
    "well": lazy("kunde läsa kanalen igen"),
    "read_now": lazy("bad om läsning nu"),
    "give": lazy("gav uppdrag"),
    "end": lazy("avslutade uppdrag"),
}
