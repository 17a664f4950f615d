"""The policy in words: rules and units, why hours were refused, and how a deadline was counted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from django.utils import dateformat, timezone
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from uppsikt.kernel.models import Step
from uppsikt.kernel.working import Due, How, Off, Reason
from uppsikt.policy import choices
from uppsikt.policy.rules import BY_KEY, Number, Plan, Switches, Unit
from uppsikt.ui.times import clock

# What a rule is called, and what it does, for those who read or change it.
RULES: dict[str, tuple[Promise, Promise]] = {
    "answer.within_working_days": (
        gettext_lazy("Svara inom"),
        gettext_lazy("Så lång tid har vi på oss att svara på det som kommer in."),
    ),
    "answer.promise_working_days": (
        gettext_lazy("Återkomma efter mellansvar inom"),
        gettext_lazy("När frågan har skickats vidare lovar mellansvaret ett svar inom den här tiden."),
    ),
    "answer.warn_before_minutes": (
        gettext_lazy("Påminn före svarstidens slut"),
        gettext_lazy("Så lång öppettid i förväg påminns den som har ärendet. Är hen frånvarande påminns ersättaren."),
    ),
    "answer.escalate_before_minutes": (
        gettext_lazy("Säg till chefen före svarstidens slut"),
        gettext_lazy(
            "Så lång öppettid i förväg får enhetens chef veta. När tiden har gått ut får kommunikationsenheten veta."
        ),
    ),
    "answer.undo_seconds": (
        gettext_lazy("Ett skickat svar kan ångras i"),
        gettext_lazy("Så länge ligger svaret kvar här innan det lämnas till nätet. 0 skickar det genast."),
    ),
    "claim.minutes": (
        gettext_lazy("Ett påbörjat svar låser ärendet i"),
        gettext_lazy("Medan någon skriver kan ingen annan svara. Låset släpper när ingen har skrivit på så länge."),
    ),
    "forward.link_days": (
        gettext_lazy("Länk till sakkunnig gäller i"),
        gettext_lazy("Så länge kan den som har fått en fråga vidarebefordrad öppna sin länk."),
    ),
    "forward.remind_after_minutes": (
        gettext_lazy("Påminn den sakkunniga efter"),
        gettext_lazy("Så lång öppettid efter att frågan skickades påminns den som inte har svarat."),
    ),
    "forward.remind_before_minutes": (
        gettext_lazy("Påminn den sakkunniga före svarstidens slut"),
        gettext_lazy("Så lång öppettid i förväg påminns den sakkunniga en gång till."),
    ),
    "login.link_minutes": (
        gettext_lazy("Inloggningslänk gäller i"),
        gettext_lazy("Så länge kan en engångslänk användas för att logga in."),
    ),
    "inbox.history_days": (
        gettext_lazy("Öppna ärenden bakåt i tiden"),
        gettext_lazy(
            "När en kanal ansluts blir allt som finns där handlingar. Bara det som är nyare än så här blir ärenden."
        ),
    ),
    "pull.every_minutes": (
        gettext_lazy("Hämta nytt från kanalerna var"),
        gettext_lazy("Så ofta frågar Uppsikt näten om det har kommit något."),
    ),
    "oversight.rounds_a_day": (
        gettext_lazy("Uppsiktsrundor per arbetsdag"),
        gettext_lazy(
            "Så många gånger varje arbetsdag ska någon titta på varje kanal. Lagen kräver minst en gång i veckan, "
            "och den gränsen står kvar vad som än står här."
        ),
    ),
    "oversight.items_per_round": (
        gettext_lazy("En runda till för varje"),
        gettext_lazy("Kommer det fler inlägg och kommentarer en vanlig arbetsdag tittar ni oftare i den kanalen."),
    ),
    "oversight.most_rounds": (
        gettext_lazy("Flest rundor för trafikens skull"),
        gettext_lazy("Fler rundor än så per arbetsdag krävs inte, hur mycket som än kommer."),
    ),
    "oversight.first_look_days": (
        gettext_lazy("Första rundan i en ny kanal går tillbaka"),
        gettext_lazy("Det som är äldre än så när kanalen ansluts är handlingar, men inget nytt att titta igenom."),
    ),
    "oversight.remind_before_minutes": (
        gettext_lazy("Påminn om rundan före tidens slut"),
        gettext_lazy("Så långt i förväg påminns den som har uppsikten. Är hen frånvarande påminns ersättaren."),
    ),
    "oversight.tell_manager_after_minutes": (
        gettext_lazy("Säg till chefen om en missad runda efter"),
        gettext_lazy("Ersättaren får veta genast när en runda har missats. Så lång tid senare får enhetens chef veta."),
    ),
    "oversight.tell_communications_after_minutes": (
        gettext_lazy("Säg till kommunikationsenheten om en missad runda efter"),
        gettext_lazy("Så lång tid efter att rundan skulle ha varit gjord får kommunikationsenheten veta."),
    ),
    "oversight.after_removal_hours": (
        gettext_lazy("Skärpt uppsikt efter en borttagning"),
        gettext_lazy("Så länge tittar ni flera gånger om dagen, även kvällar och helger, när något har tagits bort."),
    ),
    "oversight.after_traffic_hours": (
        gettext_lazy("Skärpt uppsikt när ett inlägg drar många kommentarer"),
        gettext_lazy("Så länge varar den, räknat från när det senast kom ovanligt många."),
    ),
    "oversight.heightened_every_minutes": (
        gettext_lazy("Tid mellan rundor vid skärpt uppsikt"),
        gettext_lazy("Så lång tid får det gå mellan två rundor, dag och kväll, även på lediga dagar."),
    ),
    "oversight.heightened_first_hour": (
        gettext_lazy("Skärpt uppsikt börjar på morgonen"),
        gettext_lazy("Runda som skulle infalla på natten flyttas hit."),
    ),
    "oversight.heightened_last_hour": (
        gettext_lazy("Skärpt uppsikt slutar på kvällen"),
        gettext_lazy("Senare än så begärs ingen runda förrän nästa morgon."),
    ),
    "oversight.traffic_least": (
        gettext_lazy("Räkna inte som många kommentarer under"),
        gettext_lazy("Färre kommentarer än så på ett dygn under samma inlägg skärper aldrig uppsikten."),
    ),
    "oversight.traffic_factor": (
        gettext_lazy("Så mycket mer än vanligt är ovanligt"),
        gettext_lazy("Gånger den vanliga spridningen i kanalens egna inlägg. Ett lägre tal skärper uppsikten oftare."),
    ),
    "oversight.rota_ahead_days": (
        gettext_lazy("Visa luckor i schemat"),
        gettext_lazy("Så långt i förväg får chefen veta att en dag saknar någon som har uppsikt."),
    ),
    "recheck.plan": (
        gettext_lazy("Titta efter ändringar"),
        gettext_lazy(
            "Näten berättar inte när något ändras eller tas bort. Därför hämtas varje handling om: ofta medan "
            "den är ny, allt glesare sedan."
        ),
    ),
    "recheck.gone_interval_minutes": (
        gettext_lazy("Kontrollera att något är borta efter"),
        gettext_lazy(
            "Först när två hämtningar med den här tiden emellan säger att det är borta räknas det som borttaget."
        ),
    ),
    "triage.urgent_percent": (
        gettext_lazy("Säg till genast om det som kan vara brott från"),
        gettext_lazy(
            "Så säker, av 100, ska förgranskningen vara för att säga till genast om hot, hets och andra brott. "
            "Personuppgifter och hemliga uppgifter sägs alltid till om."
        ),
    ),
    "triage.history_days": (
        gettext_lazy("Säg till genast om det som är yngre än"),
        gettext_lazy(
            "När en ny kanal läses in granskas hela historiken. Bara det som är yngre än så här sägs till om ett och "
            "ett; om resten kommer en enda avisering när allt är läst."
        ),
    ),
    "triage.sample_per_thousand": (
        gettext_lazy("Slumpvis utvalda av tusen"),
        gettext_lazy("Så många av tusen läggs in i kön oavsett vad som hittats, för att mäta vad som missas."),
    ),
    "triage.learn_each": (
        gettext_lazy("Bedömningar av varje slag innan en lokal modell provas"),
        gettext_lazy(
            "Så många gånger ska ni ha sagt både att en grund stämmer och att den inte gör det, innan det ni har "
            "bedömt får hjälpa till att ordna kön."
        ),
    ),
    "removal.people": (
        gettext_lazy("Så många ska stå bakom att något tas bort"),
        gettext_lazy(
            "1: den som har uppdraget beslutar själv. 2: en föreslår och enhetens chef beslutar, i centrala kanaler "
            "kommunikationsenheten. Att dölja, som går att ångra, får den som har uppdraget alltid göra själv."
        ),
    ),
    "removal.ask_again_hours": (
        gettext_lazy("Påminn om grunden för det som försvann efter så många timmar"),
        gettext_lazy(
            "Den ansvariga får frågan när något är borta utan beslut, och en påminnelse om den inte besvaras."
        ),
    ),
    "ruling.within_working_days": (
        gettext_lazy("Nämndkansliet svarar på en fråga inom"),
        gettext_lazy(
            "När någon är osäker på vad som gäller en handling. Båda får en påminnelse när tiden har gått ut."
        ),
    ),
    "reconsideration.within_working_days": (
        gettext_lazy("En begäran om omprövning prövas inom"),
        gettext_lazy("När den som skrev något som är borttaget ber att få det prövat igen, av någon annan."),
    ),
    "block.most_days": (
        gettext_lazy("En avstängning varar högst"),
        gettext_lazy("Längre går det inte att stänga av någon. Avstängningen upphör av sig själv."),
    ),
    "account.must_have": (
        gettext_lazy("Det här måste ett konto ha för att öppnas"),
        gettext_lazy(
            "Det som är markerat hindrar att kontot öppnas tills det är på plats. Resten påpekas, men hindrar inte."
        ),
    ),
    "order.veto": (
        gettext_lazy("Samråd om nya konton"),
        gettext_lazy(
            "Chefen beslutar och kommunikationsenheten hörs alltid. "
            "Den som är markerad kan dessutom säga nej till kontot."
        ),
    ),
    "account.remind_working_days": (
        gettext_lazy("Påminn om det som väntar kring konton efter"),
        gettext_lazy(
            "Beställningar, lån, avslut och överlåtelser som ingen har gjort något åt. Påminnelsen upprepas lika ofta, "
            "och från den andra får också kommunikationsenheten veta."
        ),
    ),
    "deviation.within_days": (
        gettext_lazy("En avvikelse ska vara åtgärdad inom"),
        gettext_lazy(
            "Så lång tid har den som ansvarar för kontot på sig. När tiden har gått ut får enhetens chef veta."
        ),
    ),
    "profile.look_days": (
        gettext_lazy("Någon ser efter i konton som Uppsikt inte kan läsa minst var"),
        gettext_lazy(
            "Det någon har sett på nätet och skrivit in gäller så länge. Sedan får kontot en avvikelse tills någon har "
            "sett efter igen."
        ),
    ),
    "activity.still_days": (
        gettext_lazy("Ett konto ligger still när det inte har haft ett inlägg på"),
        gettext_lazy("Gäller konton som inte har lovat annat. Ett konto som ligger still får en avvikelse."),
    ),
    "activity.talk_within_days": (
        gettext_lazy("Ett samtal om ett stilla konto hålls inom"),
        gettext_lazy("Kommunikationsenheten talar med den som ansvarar för kontot och antecknar vad ni kom fram till."),
    ),
    "activity.after_talk_days": (
        gettext_lazy("Efter samtalet har kontot på sig"),
        gettext_lazy("Har inget inlägg kommit när tiden är ute föreslås att kontot avslutas."),
    ),
    "discover.pages": (
        gettext_lazy("Sidor som läses på webbplatsen, högst"),
        gettext_lazy("När webbplatsen gås igenom efter länkar till konton."),
    ),
    "discover.every_days": (
        gettext_lazy("Webbplatsen gås igenom var"),
        gettext_lazy("Så upptäcks konton som ingen har anmält, och länkar som har försvunnit."),
    ),
    "guideline.acknowledge_days": (
        gettext_lazy("Kvittera en ny riktlinje inom"),
        gettext_lazy(
            "Så länge får den som har ett uppdrag arbeta vidare innan den nya riktlinjen är läst och kvitterad. "
            "0 stoppar alla tills de har kvitterat."
        ),
    ),
    "mandate.most_days": (
        gettext_lazy("Ett uppdrag gäller högst"),
        gettext_lazy("Sedan upphör uppdraget av sig självt, om chefen inte förnyar det."),
    ),
    "mandate.remind_days": (
        gettext_lazy("Påminn chefen om att förnya ett uppdrag"),
        gettext_lazy("Så långt innan uppdraget upphör får chefen och den som har det veta."),
    ),
    "loan.most_days": (
        gettext_lazy("Ett konto lånas ut högst"),
        gettext_lazy("Lånet och rättigheterna upphör av sig själva när tiden är slut."),
    ),
    "load.answer_minutes": (
        gettext_lazy("Räkna med tid för ett svar"),
        gettext_lazy("Används när lovade timmar jämförs med det arbete som kanalen faktiskt ger."),
    ),
    "load.round_minutes": (
        gettext_lazy("Räkna med tid för en uppsiktsrunda"),
        gettext_lazy("Används när lovade timmar jämförs med det arbete som kanalen faktiskt ger."),
    ),
    "load.post_minutes": (
        gettext_lazy("Räkna med tid för ett eget inlägg"),
        gettext_lazy("Används när lovade timmar jämförs med det arbete som kanalen faktiskt ger."),
    ),
    "export.keep_days": (
        gettext_lazy("En exporterad fil ligger kvar i"),
        gettext_lazy("Så länge kan den som beställde exporten hämta filen. Sedan tas den bort."),
    ),
    "network.max_megabytes": (
        gettext_lazy("Största svar från ett nät"),
        gettext_lazy("Ett svar som är större än så avbryts, och kanalen säger till."),
    ),
    "network.total_seconds": (
        gettext_lazy("Längsta väntan på ett nät"),
        gettext_lazy("En förfrågan som tar längre tid än så avbryts, och kanalen säger till."),
    ),
    "network.max_redirects": (
        gettext_lazy("Flest omdirigeringar"),
        gettext_lazy("Så många gånger får ett nät skicka förfrågan vidare till en annan adress."),
    ),
}

HOLIDAYS: dict[str, Promise] = {
    "new_years_day": gettext_lazy("nyårsdagen"),
    "epiphany": gettext_lazy("trettondedag jul"),
    "good_friday": gettext_lazy("långfredagen"),
    "easter_sunday": gettext_lazy("påskdagen"),
    "easter_monday": gettext_lazy("annandag påsk"),
    "may_day": gettext_lazy("första maj"),
    "ascension_day": gettext_lazy("Kristi himmelsfärdsdag"),
    "whit_sunday": gettext_lazy("pingstdagen"),
    "whit_monday": gettext_lazy("annandag pingst"),
    "national_day": gettext_lazy("nationaldagen"),
    "midsummer_eve": gettext_lazy("midsommarafton"),
    "midsummer_day": gettext_lazy("midsommardagen"),
    "all_saints_day": gettext_lazy("alla helgons dag"),
    "christmas_eve": gettext_lazy("julafton"),
    "christmas_day": gettext_lazy("juldagen"),
    "boxing_day": gettext_lazy("annandag jul"),
    "new_years_eve": gettext_lazy("nyårsafton"),
    "annunciation_day": gettext_lazy("Marie bebådelsedag"),
}

# What was done, for the list of changes.
STEPS: dict[str, Promise] = {
    "change_document": gettext_lazy("ändrade uppgifterna om policyn"),
    "change_rule": gettext_lazy("ändrade en regel"),
    "change_hours": gettext_lazy("ändrade öppettider"),
    "end_season": gettext_lazy("tog bort en säsong"),
    "add_local_day": gettext_lazy("lade till en avvikande dag"),
    "drop_local_day": gettext_lazy("tog bort en avvikande dag"),
    "change_ground": gettext_lazy("ändrade en grund"),
    "add_ground": gettext_lazy("lade till en husregel"),
    "end_ground": gettext_lazy("tog bort en husregel"),
    "add_decision": gettext_lazy("lade till ett gallringsbeslut"),
    "change_decision": gettext_lazy("rättade ett gallringsbeslut"),
    "end_decision": gettext_lazy("avslutade ett gallringsbeslut"),
}

NO_HOURS: dict[str, Promise] = {
    "unreadable": gettext_lazy("Skriv öppettiderna så här: 8.00–16.30, eller 8.00–12.00, 13.00–16.30 med paus."),
    "backwards": gettext_lazy(
        "Stängningen måste komma efter öppningen. Över midnatt: skriv till 24.00 och fortsätt nästa dag."
    ),
    "overlap": gettext_lazy("Tiderna går in i varandra. Skriv dem i ordning, med en paus emellan."),
    "seasons_overlap": gettext_lazy("Det finns redan en säsong under de dagarna. Ändra den, eller välj andra dagar."),
    "never_open": gettext_lazy("Det måste vara öppet minst en vardag, annars går det inte att räkna svarstider."),
    "bad_date": gettext_lazy("Dagen finns inte. Välj en annan dag i månaden."),
}

BAD_VALUE: dict[str, Promise] = {
    "not_a_number": gettext_lazy("Skriv ett heltal."),
    "too_low": gettext_lazy("Talet är för litet. Gränserna står under fältet."),
    "too_high": gettext_lazy("Talet är för stort. Gränserna står under fältet."),
    "bad_switches": gettext_lazy("Det går inte att välja så. Ladda om sidan och försök igen."),
    "bad_plan": gettext_lazy(
        "Skriv en rad per ålder, med stigande ålder: timmar, kolon, minuter. Till exempel 24: 30."
    ),
}


def rule_name(key: str) -> str:
    """What the rule is called."""
    return str(RULES[key][0])


def rule_about(key: str) -> str:
    """What the rule does, in a sentence."""
    return str(RULES[key][1])


def step_words(step: Step) -> str:
    """What a step of the policy's trail did, and to what: "ändrade en regel: Svara inom"."""
    key, day = step.facts.get("key"), step.facts.get("day")
    name = rule_name(key) if key in RULES else step.facts.get("season_name") or step.facts.get("thing") or day or ""
    did = str(STEPS.get(step.name, step.name))
    return f"{did}: {name}" if name else did


def amount(value: int, unit: Unit) -> str:
    """A number with its unit: "3 arbetsdagar"."""
    return {
        Unit.WORKING_DAYS: ngettext("%(n)s arbetsdag", "%(n)s arbetsdagar", value),
        Unit.DAYS: ngettext("%(n)s dag", "%(n)s dagar", value),
        Unit.MINUTES: ngettext("%(n)s minut", "%(n)s minuter", value),
        Unit.WORKING_MINUTES: ngettext("%(n)s minut öppettid", "%(n)s minuter öppettid", value),
        Unit.SECONDS: ngettext("%(n)s sekund", "%(n)s sekunder", value),
        Unit.MEGABYTES: _("%(n)s MB"),
        Unit.HOURS: ngettext("%(n)s timme", "%(n)s timmar", value),
        Unit.CLOCK: _("klockan %(n)s"),
        Unit.COUNT: "%(n)s",
    }[unit] % {"n": value}


def span_of_time(minutes: int) -> str:
    """Minutes in the largest unit that comes out even: "30 minuter", "6 timmar", "7 dygn"."""
    hours, days, years = minutes // 60, minutes // (24 * 60), minutes // (365 * 24 * 60)
    if years and minutes % (365 * 24 * 60) == 0:
        return ngettext("%(n)s år", "%(n)s år", years) % {"n": years}
    if minutes % (24 * 60) == 0 and days > 1:
        return ngettext("%(n)s dygn", "%(n)s dygn", days) % {"n": days}
    if minutes % 60 == 0:
        return ngettext("%(n)s timme", "%(n)s timmar", hours) % {"n": hours}
    return ngettext("%(n)s minut", "%(n)s minuter", minutes) % {"n": minutes}


def plan_lines(plan: Plan) -> list[str]:
    """The plan, a line for each age."""
    lines = [
        _("Upp till %(age)s gammalt: en gång per %(every)s")
        % {"age": span_of_time(hours * 60), "every": span_of_time(minutes)}
        for hours, minutes in plan
    ]
    return [*lines, _("Äldre än så: hämtas inte om")]


def value_lines(key: str, value: object) -> list[str]:
    """A rule's value in words, a line or more."""
    declared = BY_KEY[key]
    if isinstance(declared, Number):
        return [amount(declared.check(value), declared.unit)]
    if isinstance(declared, Switches):
        return switched_on(key, declared.check(value))
    return plan_lines(tuple((hours, minutes) for hours, minutes in declared.check(value)))


def switched_on(key: str, value: Mapping[str, bool]) -> list[str]:
    """The names of what is switched on, in the order of those who own it."""
    return [str(one.name) for one in choices.of(key) if value.get(one.code, one.on)] or [_("Inget")]


def moment(at: datetime, year: bool = False) -> str:
    """Weekday, day and clock: "fredag 13 november 16.45", with the year where it is asked for."""
    return f"{dateformat.format(timezone.localtime(at), 'l j F Y' if year else 'l j F')} {clock(at)}"


def due_words(at: datetime, now: datetime) -> str:
    """A deadline for texts that are read later, so without "i dag": "fredag 13 november 16.30"."""
    return moment(at, year=timezone.localdate(at).year != timezone.localdate(now).year)


def off_name(code: str, day: date, why: str = "") -> str:
    """Why a day is no working day: "midsommarafton", "lördag", a local day's own words."""
    if code in HOLIDAYS:
        return str(HOLIDAYS[code])
    if code == Off.LOCAL:
        return why
    weekday: str = dateformat.format(day, "l")
    return weekday if code in {Off.SATURDAY, Off.SUNDAY} else _("%(weekday)s (stängt)") % {"weekday": weekday}


def how_words(due: Due) -> list[str]:
    """How the deadline was counted, sentence by sentence."""
    year = timezone.localdate(due.received).year != timezone.localdate(due.at).year
    return [words for words in (_step(reason, due.days, year) for reason in due.how) if words]


def _step(reason: Reason, days: int, year: bool) -> str:
    at = moment(reason.at, year)
    if reason.code is How.OUTSIDE:
        return _outside(reason, at)
    if reason.code is How.SKIPPED:
        named = (f"{off_name(off.code, off.day, off.why)} {dateformat.format(off.day, 'j F')}" for off in reason.off)
        return _("Räknas inte som arbetsdag: %(days)s.") % {"days": ", ".join(named)}
    return {
        How.WITHIN: _("Kom in %(at)s, inom öppettid."),
        How.COUNTED_FROM: _("Räknas från nästa öppning, %(at)s."),
        How.SAME_TIME: ngettext(
            "Samma klockslag nästa arbetsdag är %(at)s.", "Samma klockslag %(days)s arbetsdagar senare är %(at)s.", days
        ),
        How.CLOSING: _("Då har det redan stängt, så den dagens stängning gäller: %(at)s."),
        How.CLOSING_BEFORE: _("Då är det paus, så stängningen före gäller: %(at)s.")
        if reason.detail == "break"
        else _("Då har det inte varit öppet än, så stängningen före gäller: %(at)s."),
    }[reason.code] % {"at": at, "days": days}


def _outside(reason: Reason, at: str) -> str:
    if reason.off:
        off = reason.off[0]
        if off.code in {Off.SATURDAY, Off.SUNDAY, Off.NO_HOURS}:
            return _("Kom in %(at)s, när det är stängt hela dagen.") % {"at": at}
        return _("Kom in %(at)s, när det är stängt hela dagen (%(why)s).") % {
            "at": at,
            "why": off_name(off.code, off.day, off.why),
        }
    return {
        "before_opening": _("Kom in %(at)s, före öppning."),
        "after_closing": _("Kom in %(at)s, efter stängning."),
        "break": _("Kom in %(at)s, under en paus."),
        "closed_day": _("Kom in %(at)s, när det är stängt hela dagen."),
    }[reason.detail] % {"at": at}


def weekday_name(weekday: int) -> str:
    """The weekday (Monday 0), with a capital."""
    return capfirst(dateformat.format(date(2024, 1, 1 + weekday), "l"))


def month_day_words(pair: tuple[int, int]) -> str:
    """A day of any year: "1 juni"."""
    # A leap year, so that 29 February is a day too.
    return dateformat.format(date(2024, *pair), "j F")
