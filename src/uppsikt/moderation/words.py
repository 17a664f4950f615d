"""Removals in words: states, deeds, how much a proof holds, why something came to nothing."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from uppsikt.channels import words as channel_words

Words = dict[str, str | Promise]

DEEDS: Words = {"hide": _("Dölj"), "remove": _("Ta bort")}
DONE: Words = {"hide": _("Dold"), "remove": _("Borttagen")}

STATES: Words = {
    "proposed": _("Väntar på beslut"),
    "decided": _("Beslutad"),
    "preserving": _("Bevis tas"),
    "acting": _("Utförs på nätet"),
    "done": _("Klar"),
    "failed": _("Ligger kvar"),
    "rejected": _("Får stå kvar"),
    "withdrawn": _("Återtagen"),
    "restoring": _("Läggs tillbaka"),
    "restored": _("Visas igen"),
}
TONES = {
    "proposed": "warning",
    "decided": "info",
    "preserving": "info",
    "acting": "info",
    "done": "success",
    "failed": "danger",
    "restoring": "info",
}
STATES_MEAN: Words = {
    "proposed": _("Den som får besluta har fått veta. Inget har hänt på nätet."),
    "decided": _("Beslutet är fattat. Bevis tas innan något händer på nätet."),
    "preserving": _("Inget tas bort förrän beviset är sparat. Det brukar ta mindre än en minut."),
    "acting": _("Beviset är sparat. Nätet har fått uppgiften, och svaret läses av."),
    "done": _("Nätet har gjort det, och vi har läst av att det är så."),
    "failed": _("Det blev inte av. Det ligger kvar på nätet tills någon gör något åt det."),
    "rejected": _("Den som fick besluta kom fram till att det får stå kvar."),
    "withdrawn": _("Det drogs tillbaka innan något hände på nätet."),
    "restoring": _("Nätet har fått uppgiften att visa det igen."),
    "restored": _("Det visas på nätet igen. Beviset och beslutet finns kvar här."),
}

STEPS: Words = {
    "propose": _("föreslog"),
    "decide": _("beslutade"),
    "reject": _("beslutade att det får stå kvar"),
    "preserve": _("väntar på beviset"),
    "withdraw": _("drog tillbaka det"),
    "stop": _("kunde inte gå vidare"),
    "act": _("lämnade det till nätet, med beviset sparat"),
    "doubt": _("kan inte avgöra om nätet gjorde det"),
    "finish": _("läste av att nätet har gjort det"),
    "own_up": _("bokförde det som var gjort utanför Uppsikt"),
    "refuse": _("läste av att det inte blev gjort"),
    "again": _("försökte igen"),
    "give_up": _("lade ner det"),
    "restore": _("beslutade att visa det igen"),
    "restored": _("läste av att det visas igen"),
    "not_restored": _("läste av att det inte visas igen"),
    "came_back": _("märkte att det visas igen, utan beslut här"),
    # Of a proof.
    "want": _("bad om bevis"),
    "take": _("började ta beviset"),
    "wait": _("kunde inte ta beviset, och försöker igen"),
    "keep": _("sparade beviset"),
    "add": _("lade till en bild som är tagen för hand"),
    "fail": _("gav upp att ta beviset"),
    # Of something that vanished.
    "find": _("märkte att det är borta"),
    "ask": _("frågade den ansvariga"),
    "remind": _("påminde"),
    "settle": _("svarade vem som tog bort det"),
    "back": _("märkte att det syns igen"),
}

EVIDENCE: Words = {
    "wanted": _("Beviset väntar på att tas"),
    "taking": _("Beviset tas just nu"),
    "kept": _("Beviset är sparat"),
    "failed": _("Beviset gick inte att ta"),
}
SORTS: Words = {
    "whole": _("Hel sida"),
    "partly": _("Delar av sidan"),
    "card": _("Nätets svar och en ritad bild"),
    "intake": _("Det som hämtades när det kom in"),
}
SORTS_MEAN: Words = {
    "whole": _("Sidan öppnades, och allt som nätet säger ska finnas syns."),
    "partly": _("Sidan öppnades, men allt kom inte med. Rapporten säger vad som saknas."),
    "card": _(
        "Nätets egen sida kunde inte öppnas. Beviset är nätets svar ord för ord, lydelsen och en bild som vi ritat."
    ),
    "intake": _("Det var redan borta från nätet. Beviset är det som hämtades hit när det kom in."),
}

TAKERS: Words = {
    "author": _("Den som skrev det"),
    "network": _("Nätet"),
    "us": _("Vi, med ett annat verktyg"),
    "unknown": _("Det går inte att ta reda på"),
}
KNOWN_BY: Words = {"person": _("av en person"), "system": _("av förgranskningen"), "report": _("genom en anmälan")}

# Our own reasons, and capture's; those of networks are channels' words.
TROUBLES: Words = {
    "reworded": _("Texten har ändrats sedan beslutet. Läs den nya lydelsen och besluta igen."),
    "gone_already": _("Det är redan borta från nätet, utan att vi gjorde det."),
    "no_evidence": _(
        "Beviset gick inte att spara, så inget har tagits bort. Lägg till en skärmbild eller försök igen."
    ),
    "still_there": _("Nätet svarade ja, men visar det fortfarande."),
    "still_away": _("Nätet svarade ja, men visar det ändå inte."),
    "no_bin": _("Webbplatsen har ingen papperskorg. Där går det bara att dölja, eller att radera på webbplatsen."),
    "worker_died": _("Programmet som tog beviset avbröts. Det tas om."),
    "our_fault": _("Ett fel hos oss. Driften ser det i loggen."),
    "gone": _("Det var redan borta från nätet."),
    "not_shown": _("Nätet visar det inte för allmänheten, så sidan hade inget att visa."),
    "no_address": _("Det har ingen egen sida på nätet."),
    "bad_address": _("Adressen går inte att öppna."),
    "refused_address": _("Adressen leder till ett slutet nätverk och öppnas inte."),
    "not_found": _("Sidan finns inte."),
    "login_wall": _("Sidan kräver inloggning."),
    "download": _("Adressen gav en fil i stället för en sida."),
    "certificate": _("Sidans certifikat går inte att lita på."),
    "too_large": _("Sidan är för stor."),
    "no_browser": _("Ingen webbläsare startade på servern."),
    "unreachable": _("Sidan svarade inte."),
    "too_slow": _("Sidan tog för lång tid."),
    "browser_died": _("Webbläsaren avbröts mitt i."),
    "broken_answer": _("Sidan svarade på ett sätt som inte går att läsa."),
    "load": _("Sidan hann inte laddas färdigt."),
    "answer_length": _("Någon del av sidan var för stor."),
    "answer_time": _("Någon del av sidan hann inte komma fram."),
    "answer_disconnect": _("Någon del av sidan kom inte fram i sin helhet."),
    "requests": _("Sidan består av för många delar."),
    "scroll": _("Sidans slut nåddes inte i tid."),
    "height": _("Sidan är längre än vi följer."),
    "inner_scroll": _("En del av sidan rullar för sig och visar inte allt."),
    "more_to_show": _("Sidan har en knapp som visar mer. Den trycks inte, för då ändras sidan."),
    "screenshot": _("Någon skärmbild gick inte att ta."),
    "fewer_than_expected": _("Sidan visar färre inlägg än nätets eget svar."),
    "unreadable": _("Det som hämtades gick inte att läsa."),
}


def word(words: Words, code: str) -> str:
    """The word for a code; a code that nobody has words for is shown as it is."""
    return str(words.get(code, code))


def trouble(code: str) -> str:
    """Why something came to nothing, in words; "" for nothing."""
    if not code:
        return ""
    if code in TROUBLES:
        return str(TROUBLES[code])
    if code.startswith("stamp_"):
        return gettext("Tidsstämplingen svarar inte. Inget tas bort så länge.")
    return channel_words.trouble(code).title
