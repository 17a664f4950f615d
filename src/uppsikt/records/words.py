"""Records in words: what sort of thing, who said it, how the network shows it, what has happened to it."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = dict[str, str | Promise]

KINDS: Words = {
    "post": _("Inlägg"),
    "page": _("Sida"),
    "comment": _("Kommentar"),
    "message": _("Meddelande"),
}

# TF 2:9 and 2:10.
DIRECTIONS: Words = {
    "received": _("Inkommen"),
    "drawn_up": _("Upprättad"),
}

STATES: Words = {
    "visible": _("Synlig"),
    "held": _("Väntar på godkännande"),
    "hidden": _("Dold"),
    "gone": _("Borta"),
}

TONES = {"visible": "neutral", "held": "warning", "hidden": "warning", "gone": "danger"}

STATES_MEAN: Words = {
    "visible": _("Alla som öppnar kanalen ser den."),
    "held": _("Nätet håller inne den tills någon godkänner den."),
    "hidden": _("Nätet visar den inte för allmänheten."),
    "gone": _("Den finns inte längre på nätet. Handlingen finns kvar här."),
}

STEPS: Words = {
    "take_in": _("tog emot handlingen"),
    "change": _("tog emot en ny lydelse"),
    "show": _("såg att den är synlig på nätet"),
    "hold": _("såg att nätet håller inne den"),
    "hide": _("såg att den är dold på nätet"),
    "lose": _("fastställde att den är borta från nätet"),
    "first_gone": _("fann den inte på nätet och frågar igen"),
    "know": _("läste den här för första gången"),
    "mark_secret": _("sekretessmarkerade handlingen"),
    "lift_secret": _("hävde sekretessmarkeringen"),
    "raise_alarm": _("sade till dem som har uppdrag i kanalen att se den genast"),
    "judge": _("sade vad förgranskningen hade rätt i"),
    "hand_over": _("lämnade över frågan från ett privat konto"),
    "type_in": _("lade in det från kommunens konto, som Uppsikt inte läser"),
    "sent_by_form": _("skickade in det genom formuläret i den öppna listan"),
    "reported": _("anmälde innehållet genom formuläret i den öppna listan"),
}

EXPORT_STATES: Words = {
    "waiting": _("Väntar på sin tur"),
    "running": _("Skrivs"),
    "ready": _("Klar att hämta"),
    "failed": _("Misslyckades"),
    "cancelled": _("Avbruten"),
    "expired": _("Borttagen"),
}
EXPORT_TONES = {"waiting": "neutral", "running": "info", "ready": "success", "failed": "danger"} | dict.fromkeys(
    ("cancelled", "expired"), "neutral"
)
EXPORT_TROUBLES: Words = {
    "may_not_read": _("Du får inte längre läsa handlingar."),
    "too_slow": _("Sökningen tar för lång tid. Avgränsa den med ett ord, en kanal eller ett datum och beställ igen."),
    "too_long": _("Exporten blev inte klar på ett dygn. Avgränsa sökningen och beställ igen."),
}

# What a connector had to remark on, or did not get.
REMARKS: Words = {
    "nul": _("Nolltecken har tagits bort ur texten."),
    "surrogates": _("Trasiga tecken har tagits bort ur texten."),
    "control": _("Styrtecken har tagits bort ur texten."),
    "cut": _("Texten var längre än vad som sparas. Hela finns i originalsvaret."),
    "password_protected": _("Inlägget är skyddat med lösenord på webbplatsen."),
    "trashed": _("Låg i webbplatsens papperskorg när den lästes."),
    "spam": _("Låg bland webbplatsens skräppost när den lästes."),
    "unpublished": _("Var inte publicerad när den lästes."),
    "site_user": _("Skriven av någon med konto på webbplatsen."),
    "parent_unseen": _("Svarar på något som inte gick att läsa."),
    "clock_ahead": _("Tiden som nätet angav ligger i framtiden. Handlingen är sorterad efter när den hämtades."),
}


def word(words: Words, name: str) -> str:
    """The word for a name; a name that we have no word for is shown as it is."""
    return str(words.get(name, name))
