"""What is wrong with a channel, in words: what has happened, and what to do; the same words in the terminal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from uppsikt.channels.rules import Act
from uppsikt.policy import networks


@dataclass(frozen=True, slots=True)
class Trouble:
    """A trouble as a person reads it: a title of a few words, and what to do about it."""

    title: str
    todo: str


Pair = tuple[str | Promise, str | Promise]

REACH: dict[str, Pair] = {
    "bad_address": (
        gettext_lazy("Adressen går inte att läsa"),
        gettext_lazy("Skriv den som den står i webbläsaren, till exempel https://blogg.kommunen.se."),
    ),
    "site_down": (
        gettext_lazy("Webbplatsen svarar inte"),
        gettext_lazy(
            "Kontrollera adressen, och att webbplatsen går att öppna i en webbläsare. Är den nere är det "
            "dess ägare som kan hjälpa."
        ),
    ),
    "timeout": (
        gettext_lazy("Webbplatsen svarade inte i tid"),
        gettext_lazy(
            "Vänta några minuter och försök igen. Händer det ofta behöver den som driver webbplatsen se över den."
        ),
    ),
    "too_slow": (
        gettext_lazy("Svaret kom för långsamt"),
        gettext_lazy(
            "Uppsikt avbröt för att inte fastna. Försök igen senare. Händer det ofta, tala med den som "
            "driver webbplatsen."
        ),
    ),
    "too_large": (
        gettext_lazy("Svaret var för stort"),
        gettext_lazy(
            "Uppsikt tar inte emot svar av den storleken. Tala med den som driver webbplatsen om vad den skickar."
        ),
    ),
    "too_many_redirects": (
        gettext_lazy("Adressen skickar runt i en cirkel"),
        gettext_lazy("Öppna webbplatsen i en webbläsare och använd den adress som du hamnar på."),
    ),
    "unsafe_redirect": (
        gettext_lazy("Webbplatsen skickar vidare på ett osäkert sätt"),
        gettext_lazy(
            "Använd den adress som webbplatsen har i dag, med https. Be annars den som driver den att rätta "
            "omdirigeringen."
        ),
    ),
    "private_address": (
        gettext_lazy("Adressen leder in i ett internt nät"),
        gettext_lazy(
            "Av säkerhetsskäl hämtar Uppsikt bara från öppna nätet. Ska just den här servern läsas lägger "
            "driften till den i UPPSIKT_ALLOW_PRIVATE."
        ),
    ),
    "certificate": (
        gettext_lazy("Webbplatsens certifikat går inte att lita på"),
        gettext_lazy(
            "Det kan ha gått ut. Be den som driver webbplatsen att förnya det. Uppsikt skickar inga lösenord "
            "innan dess."
        ),
    ),
    "insecure": (
        gettext_lazy("Lösenordet skulle ha skickats okrypterat"),
        gettext_lazy("Använd webbplatsens adress med https. Saknar den https måste det ordnas först."),
    ),
    "broken_answer": (
        gettext_lazy("Svaret gick sönder på vägen"),
        gettext_lazy("Uppsikt försöker igen av sig självt. Fortsätter det, tala med den som driver webbplatsen."),
    ),
}

ANSWERS: dict[str, Pair] = {
    "not_recognised": (
        gettext_lazy("Uppsikt känner inte igen webbplatsen"),
        gettext_lazy(
            "Uppsikt kan ansluta WordPress-webbplatser, webbflöden (RSS, Atom och JSON Feed) och övningsnätet. "
            "Kontrollera att adressen leder till webbplatsens förstasida eller till flödet."
        ),
    ),
    "unknown_network": (
        gettext_lazy("Nätet finns inte i den här installationen"),
        gettext_lazy("Uppsikt kan ha bytts mot en äldre version. Be driften uppdatera."),
    ),
    "not_json": (
        gettext_lazy("Webbplatsen svarade med en webbsida i stället för data"),
        gettext_lazy(
            "Dess programgränssnitt är avstängt eller skymt, ofta av ett säkerhetstillägg, en "
            "inloggningssida eller underhållsläge. Be webbplatsens ansvariga att öppna det (i WordPress: "
            "REST API)."
        ),
    ),
    "not_feed": (
        gettext_lazy("Adressen ledde till en webbsida i stället för ett flöde"),
        gettext_lazy(
            "Flödet kan ha flyttats eller stängts av, eller så står något i vägen. Öppna adressen i en webbläsare, och "
            "tala med den som driver webbplatsen."
        ),
    ),
    "broken_feed": (
        gettext_lazy("Flödet är trasigt och går inte att läsa"),
        gettext_lazy(
            "Uppsikt har försökt laga det utan att lyckas. Inget som redan är hämtat har gått förlorat. Be den som "
            "driver webbplatsen att rätta flödet."
        ),
    ),
    "unsafe_feed": (
        gettext_lazy("Flödet är skrivet på ett sätt som kan skada den som läser det"),
        gettext_lazy(
            "Det innehåller egna entiteter, som kan få ett litet svar att svälla. Uppsikt läser det inte. Be den som "
            "driver webbplatsen att ta bort dem."
        ),
    ),
    "login_wall": (
        gettext_lazy("Webbplatsen ber om inloggning innan den svarar"),
        gettext_lazy(
            "En inloggningssida står i vägen för programgränssnittet, till exempel på ett intranät. Be webbplatsens "
            "ansvariga att släppa förbi det."
        ),
    ),
    "maintenance": (
        gettext_lazy("Webbplatsen är stängd för underhåll"),
        gettext_lazy("Uppsikt försöker igen av sig självt. Ingenting går förlorat under tiden."),
    ),
    "moved": (
        gettext_lazy("Webbplatsen har en annan adress"),
        gettext_lazy(
            "Den skickar vidare till en annan server, och dit lämnar Uppsikt inga lösenord. Anslut med den adressen."
        ),
    ),
    "login_ignored": (
        gettext_lazy("Webbplatsen tar inte emot applikationslösenord"),
        gettext_lazy(
            "De är avstängda där, eller så tas de bort på vägen av webbservern. Be webbplatsens ansvariga att slå på "
            "dem. I WordPress krävs https."
        ),
    ),
    "wrong_shape": (
        gettext_lazy("Svaret såg inte ut som väntat"),
        gettext_lazy(
            "Webbplatsen kan ha ett tillägg som ändrar svaren, eller en ovanlig version. Inget har gått "
            "förlorat. Visa det här för webbplatsens ansvariga."
        ),
    ),
    "wrong_password": (
        gettext_lazy("Fel användarnamn eller lösenord"),
        gettext_lazy(
            "Kontrollera båda. I WordPress behövs ett applikationslösenord, som du skapar på din profilsida "
            "där. Ditt vanliga lösenord fungerar inte."
        ),
    ),
    "revoked": (
        gettext_lazy("Lösenordet har dragits in"),
        gettext_lazy(
            "Det fungerade tidigare men släpper inte in Uppsikt längre. Skapa ett nytt hos nätet och välj "
            "sedan Anslut igen."
        ),
    ),
    "wrong_key": (
        gettext_lazy("Fel åtkomstnyckel"),
        gettext_lazy("Kontrollera att du fick med hela nyckeln, och att den hör till det här kontot hos nätet."),
    ),
    "revoked_key": (
        gettext_lazy("Åtkomstnyckeln har dragits in"),
        gettext_lazy(
            "Den fungerade tidigare men släpper inte in Uppsikt längre. Skapa en ny hos nätet och välj sedan "
            "Anslut igen."
        ),
    ),
    "forbidden": (
        gettext_lazy("Kontot har inte rätt till detta"),
        gettext_lazy(
            "Logga in hos nätet som administratör och ge kontot rätt att läsa och besvara kommentarer (i "
            "WordPress: rollen Redaktör)."
        ),
    ),
    "not_found": (
        gettext_lazy("Det finns inte längre på den adressen"),
        gettext_lazy(
            "Kontot eller inlägget kan ha tagits bort eller flyttat. Öppna adressen i en webbläsare och se efter."
        ),
    ),
    "rate_limited": (
        gettext_lazy("Nätet ber oss vänta"),
        gettext_lazy(
            "Uppsikt har frågat så ofta som nätet tillåter och fortsätter av sig självt. Du behöver inte göra något."
        ),
    ),
    "rejected": (
        gettext_lazy("Nätet tog inte emot svaret"),
        gettext_lazy(
            "Inlägget kan vara stängt för kommentarer, eller så innehåller texten något som nätet inte "
            "släpper igenom. Ändra texten, eller svara direkt på nätet."
        ),
    ),
    "read_only": (
        gettext_lazy("Kanalen går bara att läsa"),
        gettext_lazy(
            "Svara direkt på webbplatsen. Är det en WordPress går den ofta att ansluta så att svar kan skickas."
        ),
    ),
    "duplicate": (
        gettext_lazy("Nätet säger att svaret redan finns där"),
        gettext_lazy("Öppna konversationen på nätet, se efter om svaret finns, och säg sedan här hur det är."),
    ),
    "no_bin": (
        gettext_lazy("Webbplatsen har ingen papperskorg"),
        gettext_lazy("Dölj det i stället, eller radera det på webbplatsen. Beviset är redan sparat här."),
    ),
    "unknown_outcome": (
        gettext_lazy("Det går inte att se om svaret kom fram"),
        gettext_lazy(
            "Förbindelsen bröts mitt i. Uppsikt läser av nätet innan något skickas igen. Du kan också se efter själv."
        ),
    ),
    "worker_died": (
        gettext_lazy("Uppsikt avbröts medan ett svar skickades"),
        gettext_lazy("Uppsikt läser av nätet för att se om svaret kom fram, innan något skickas igen."),
    ),
    "restored": (
        gettext_lazy("Svaret kan ha skickats innan säkerhetskopian återställdes"),
        gettext_lazy(
            "Uppsikt är återställd ur en säkerhetskopia och vet inte vad som hände efter den. Se efter på nätet om "
            "svaret finns där, och säg hur det är."
        ),
    ),
    "locked": (
        gettext_lazy("De sparade inloggningsuppgifterna går inte att öppna"),
        gettext_lazy(
            "Uppsikt körs med en annan nyckel än den som de låstes med. Anslut igen, eller be driften "
            "återställa nyckeln (UPPSIKT_CREDENTIALS_KEY)."
        ),
    ),
    "our_fault": (
        gettext_lazy("Uppsikt klarade inte att läsa kanalen"),
        gettext_lazy(
            "Felet är vårt, inte nätets. Be driften titta i loggen och rapportera felet. Uppsikt försöker igen "
            "under tiden."
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
        return Trouble(
            title, _("Försök igen. Hjälper det inte, kontakta systemadministratören och visa den här texten.")
        )
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
    "application_passwords": gettext_lazy("Applikationslösenord"),
    "posts": gettext_lazy("Antal inlägg"),
    "comments": gettext_lazy("Antal kommentarer"),
    "accounts": gettext_lazy("Konton där"),
    "handle": gettext_lazy("Konto"),
    "feed": gettext_lazy("Slag av flöde"),
    "entries": gettext_lazy("Inlägg i flödet nu"),
    "feed_comments": gettext_lazy("Kommentarer i kommentarsflödet nu"),
    "instead_of": gettext_lazy("Ansluts som flöde, som bara går att läsa, eftersom detta inte släppte in Uppsikt"),
}


def found(facts: Mapping[str, str]) -> list[tuple[str, str]]:
    """What an address turned out to hold, in words; what only programs care for is left out."""
    said = {"yes": _("tillåts"), "no": _("är avstängda"), **{name: network(name) for name in NETWORKS}}
    return [(str(FOUND[name]), said.get(value, value)) for name, value in facts.items() if name in FOUND]


def shut_by(facts: Mapping[str, str]) -> Trouble | None:
    """Why the natural way into an address is shut, where what was found is another way in (D1)."""
    return trouble(facts["shut_by"]) if facts.get("shut_by") else None


NETWORKS: dict[str, tuple[str | Promise, str]] = {
    "wordpress": (gettext_lazy("WordPress"), "wordpress"),
    "practice": (gettext_lazy("Övningsnätet"), "broadcast"),
    "feed": (gettext_lazy("Webbflöde"), "rss"),
    "handed_over": (gettext_lazy("Överlämnat för hand"), "person-check"),
}


def network(name: str) -> str:
    """A network's name for people."""
    if name in NETWORKS:
        return str(NETWORKS[name][0])
    known = networks.NETWORKS.get(name)
    return known.name if known else name


def network_icon(name: str) -> str:
    """A network's icon."""
    return NETWORKS.get(name, ("", ""))[1] or "globe"


STATES: dict[str, str | Promise] = {
    "opening": gettext_lazy("Öppnas"),
    "live": gettext_lazy("Ansluten"),
    "paused": gettext_lazy("Pausad"),
    "closed": gettext_lazy("Avslutad"),
}

NEEDS: dict[str, Pair] = {
    "username": (
        gettext_lazy("Användarnamn"),
        gettext_lazy("Kontot som Uppsikt loggar in med hos nätet. Ett eget konto för kommunen, aldrig någons privata."),
    ),
    "application_password": (
        gettext_lazy("Applikationslösenord"),
        gettext_lazy(
            "Skapas i WordPress under Användare, Profil, Applikationslösenord. Uppsikt låser in det och "
            "visar det aldrig igen."
        ),
    ),
    "own_name": (
        gettext_lazy("Namn som ni själva kommenterar med"),
        gettext_lazy(
            "Frivilligt. Kommentarer med det namnet räknas som era egna svar och inte som frågor. Flera namn skiljs "
            "med komma."
        ),
    ),
    "password": (gettext_lazy("Lösenord"), gettext_lazy("Uppsikt låser in det och visar det aldrig igen.")),
    "token": (
        gettext_lazy("Åtkomstnyckel"),
        gettext_lazy("Kontots nyckel hos nätet. Uppsikt låser in den och visar den aldrig igen."),
    ),
}


# Of what a network needs, what may be shown while it is typed.
SHOWN = {"username", "own_name"}
# And what may be left empty.
OPTIONAL = {"own_name"}


def need(name: str) -> tuple[str, str]:
    """What a needed field is called, and help for it."""
    label, helped = NEEDS.get(name, (name, ""))
    return str(label), str(helped)


ACTS: dict[str, str | Promise] = {
    Act.ANSWER.value: gettext_lazy("svara"),
    Act.PUBLISH.value: gettext_lazy("publicera inlägg"),
    Act.HIDE.value: gettext_lazy("dölja kommentarer"),
    Act.REMOVE.value: gettext_lazy("ta bort kommentarer"),
}

CAN: dict[str, str | Promise] = {
    "reply": gettext_lazy("svara"),
    "hide": gettext_lazy("dölja"),
    "remove": gettext_lazy("ta bort"),
    "approve": gettext_lazy("godkänna"),
    "post": gettext_lazy("publicera"),
}

STEPS: dict[str, str | Promise] = {
    "connect": gettext_lazy("anslöt kanalen"),
    "enlist": gettext_lazy("tog in kontot i registret"),
    "link": gettext_lazy("anslöt kontot"),
    "take_over": gettext_lazy("antecknade att kontot redan var öppet"),
    "open": gettext_lazy("öppnade kontot"),
    "give_up": gettext_lazy("avbröt öppningen"),
    "hand_over": gettext_lazy("lämnade över kontot"),
    # What the register notes on an account.
    "entry": gettext_lazy("ändrade uppgifterna i registret"),
    "administrator": gettext_lazy("antecknade en administratör på nätet"),
    "administrator_end": gettext_lazy("antecknade att en administratör är borta på nätet"),
    "hand_look": gettext_lazy("såg efter hur kontot ser ut"),
    "reconnect": gettext_lazy("anslöt kanalen igen"),
    "pause": gettext_lazy("pausade kanalen"),
    "resume": gettext_lazy("startade kanalen igen"),
    "close": gettext_lazy("avslutade kanalen"),
    "change": gettext_lazy("ändrade kanalens uppgifter"),
    "profile": gettext_lazy("såg att kontot ser annorlunda ut"),
    "trouble": gettext_lazy("kunde inte läsa kanalen"),
    "well": gettext_lazy("kunde läsa kanalen igen"),
    "read_now": gettext_lazy("bad om läsning nu"),
    "give": gettext_lazy("gav uppdrag"),
    "renew": gettext_lazy("förnyade uppdrag"),
    "lapse": gettext_lazy("noterade att uppdraget hade upphört"),
    "remind": gettext_lazy("påminde om att uppdraget snart upphör"),
    "limit": gettext_lazy("gav uppdraget ett slutdatum"),
    "end": gettext_lazy("avslutade uppdrag"),
}
