"""Why something was found, as the detectors say it: plain Swedish sentences, marked here to be had in other languages.

They are stored with each finding as they were said; a test holds this list to the detectors' own.
"""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

SENTENCES = frozenset(
    {
        _("Svaret kan uppfattas som ett råd som får ekonomiska följder för den som frågar."),
        _("Svaret lovar något om pengar, tillstånd eller ansvar."),
        _("Svaret kan uppfattas som ett besked i en persons ärende."),
        _("Inlägget hånar eller smutskastar en person."),
        _("Inlägget anklagar en person för brott eller något skamligt."),
        _("Inlägget trakasserar någon eller önskar någon illa."),
        _("Inlägget har ett nedsättande ord för en grupp människor."),
        _("Inlägget nedvärderar människor för deras kön."),
        _("Inlägget är grovt i språket."),
        _("Inlägget bjuder ut eller beskriver pornografi."),
        _("Här står en gatuadress med nummer, som kan peka ut var någon bor."),
        _("Här står var någon bor."),
        _("Här står något som ser ut som numret på en persons ärende."),
        _("Här står något som ser ut som en persons e-postadress."),
        _("Här står en e-postadress skriven så att den ska vara svår att hitta."),
        _("Här står något som ser ut som ett personnummer."),
        _("Här står något som ser ut som ett samordningsnummer."),
        _("Här står något som ser ut som ett telefonnummer till en person."),
        _("Här står något som ser ut som ett kortnummer."),
        _("Här står något som ser ut som en bils registreringsnummer."),
        _("Inlägget ser ut att sälja en vara eller en tjänst."),
        _("Inlägget ser ut som skräppost eller bedrägeri."),
        _("Inlägget är nästan bara länkar."),
        _("Inlägget säger samma sak om och om igen."),
        _("Inlägget verkar sprida film, musik eller program utan lov."),
        _("Inlägget verkar återge någon annans text i sin helhet."),
        _("Inlägget uppmanar andra att rösta på, eller mot, ett parti."),
        _("Här står något om en persons hälsa."),
        _("Här står vad en person tror på."),
        _("Här står en persons politiska åsikt."),
        _("Här står att en person är med i ett fackförbund."),
        _("Här står var en person har sitt ursprung."),
        _("Här står vem en person älskar, eller något om en persons sexliv."),
        _("Här står att en person är dömd eller misstänkt."),
        _("Här står något om en person som socialtjänst, vård eller domstol har hand om."),
        _("Här står något som sägs vara hemligt."),
        _("Inlägget ställer en fråga."),
        _("Inlägget ställer en fråga, fast utan frågetecken."),
        _("Inlägget säger vad någon tycker."),
        _("Inlägget föreslår något."),
        _("Inlägget tackar eller berömmer."),
        _("Någon verkar hota en person med våld."),
        _("Inlägget säger att någon borde dödas eller skadas."),
        _("Inlägget visar förakt för en grupp människor eller hotar den."),
        _("Inlägget har ett slagord eller påstående som brukar räknas som hets mot folkgrupp."),
        _("Inlägget uppmanar andra att begå brott."),
        _("Inlägget verkar uppmana till terrorism eller hylla den."),
        _("Inlägget verkar sprida en bild eller film med grovt våld."),
        _("Inlägget verkar sprida en intim bild eller uppgift om någon."),
        _("Texten liknar sådant som ni tidigare har bedömt bryter mot regeln."),
        _("Kommunens språkmodell pekar på det här stället. Den har ofta fel: läs själv."),
    }
)
