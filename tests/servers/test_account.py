"""An account's whole life on a real WordPress, in a real browser, with what is refused on the way.

Ordered, approved, heard on, opened when what the policy asks for is there, lent, audited, still, closed; and another
that is handed over with everything missing once. Must show 1; D6-D16, D31, D51-D57.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone
from playwright.sync_api import Page, expect

import factories
from journeys.browser import Tab
from register import ordering_support
from register.ordering_support import House
from servers import whole
from servers.wordpress_server import WordPressServer
from uppsikt.channels import queries as channels
from uppsikt.channels.models import Channel
from uppsikt.channels.rules import Act
from uppsikt.organisation.models import Person
from uppsikt.register import administrators, auditing, captures, stillness
from uppsikt.register.closing_models import Capture
from uppsikt.register.deviation_models import Deviation
from uppsikt.register.order_models import Clearance, Order
from uppsikt.ui.models import Appearance

pytestmark = pytest.mark.server
OpenTab = Callable[..., Tab]
EMAIL = "biblioteket@almby.example"
TAGLINE = f"Biblioteken i Almby kommun. Fråga oss om böcker och öppettider: {EMAIL}"


@pytest.fixture
def made(transactional_db: None, reachable: WordPressServer, settings: Any, tmp_path: Any) -> House:
    settings.DATA = tmp_path / "data"
    whole.empty_queue()
    mail.outbox.clear()
    Appearance.objects.update_or_create(pk=1, defaults={"name": "Almby kommun"})
    tagline(reachable, "En blogg")
    return ordering_support.house(now=timezone.now() - timedelta(days=1))


def tagline(site: WordPressServer, words: str) -> None:
    """What the site says of itself."""
    site.php(f"return update_option('blogdescription', '{words}');")


def press(page: Page, name: str, *, within: str = "main") -> None:
    """Press a button and wait for the page that follows."""
    page.locator(within).get_by_role("button", name=name, exact=True).first.click()
    page.wait_for_load_state("load")


def take_last_picture() -> None:
    """Let the worker take it; those of every change of the profile, and the other queues, are shown elsewhere."""
    whole.empty_queue("capture")
    captures.defer(Capture.objects.get(why__in=["closing", "transfer"], state="wanted"))
    whole.work("capture")


def path_of(page: Page) -> str:
    """Where the page is, without the host."""
    return re.sub(r"^https?://[^/]+", "", page.url)


def fill(page: Page, **fields: str) -> None:
    """Write in fields by their names."""
    for name, words in fields.items():
        page.locator(f"#id_{name}").fill(words)


def order_in(tab: Tab, made: House) -> Order:
    """Fill in the guided form, a step at a time; it is refused while the second administrator is missing."""
    page = tab.open("/konton/")
    press(page, "Beställ ett konto")
    expect(page.locator("main")).to_contain_text("steg 1 av 5")
    page.locator("#id_unit").select_option(str(made.unit.pk))
    page.locator("#id_network").select_option("wordpress")
    fill(page, name="Biblioteken i Almby kommun")
    page.locator("#id_subject").select_option("library")
    press(page, "Spara och gå vidare")
    fill(
        page,
        purpose="Visa vad biblioteken erbjuder och svara på frågor",
        goals="Fler besök från dem som läser lite",
        audience="Unga vuxna i kommunen",
    )
    # Left half done, and found again.
    press(page, "Spara, gör klart senare")
    expect(page.locator("main")).to_contain_text("Varför den centrala kanalen inte räcker saknas.")
    page.get_by_role("link", name="Varför den centrala kanalen inte räcker saknas.").click()
    fill(page, why_not_central="Frågorna är många och kräver bibliotekariers kunskap")
    press(page, "Spara och gå vidare")
    fill(page, hours_a_week="4", days_between_posts="14", contact_email=EMAIL)
    press(page, "Spara och gå vidare")
    expect(page.locator("main")).to_contain_text("Nätets villkor")
    page.locator("#id_terms_read").check()
    press(page, "Spara och granska")
    press(page, "Skicka till chefen")
    expect(page.locator("main")).to_contain_text("Andra administratör saknas.")
    assert Order.objects.get().state == "draft"
    page.get_by_role("link", name="Andra administratör saknas.").first.click()
    fill(page, second=made.colleague.email)
    press(page, "Spara, gör klart senare")
    press(page, "Skicka till chefen")
    expect(page.locator(".u-messages")).to_contain_text("skickad till enhetens chef")
    return Order.objects.get()


def approved(manager: Tab, communications: Tab, made: House) -> None:
    """Both come by the link in their letter; a refusal without a reason is refused."""
    whole.work("mail")
    page = manager.open(whole.link_in_mail(made.manager.email))
    expect(page.locator("main")).to_contain_text("Frågorna är många")
    press(page, "Avslå")
    expect(page.locator("main")).to_contain_text("Skriv varför.")
    fill(page, reason="Bra tanke")
    press(page, "Godkänn")
    expect(page.locator(".u-messages")).to_contain_text("Nu hörs kommunikationsenheten")
    whole.work("mail")
    page = communications.open(whole.link_in_mail(made.communications.email))
    expect(page.get_by_role("button", name="Säg nej")).to_have_count(0)
    press(page, "Föreslå den centrala kanalen")
    expect(page.locator("main")).to_contain_text("Välj vilken central kanal")
    press(page, "Inget emot kontot")
    expect(page.locator(".u-messages")).to_contain_text("kan nu öppnas")


def connected(tab: Tab, site: WordPressServer) -> Channel:
    """The account is connected, and is still not open."""
    page = tab.open("/kanaler/anslut/")
    fill(page, address=site.url)
    press(page, "Se efter")
    expect(page.locator("#id_reason")).to_have_count(0)
    fill(page, username=site.user, application_password=site.password)
    press(page, "Prova uppgifterna")
    press(page, "Anslut")
    channel = Channel.objects.get(network="wordpress")
    assert (channel.state, channel.is_at_work) == ("opening", True)
    return channel


def noted(tab: Tab, channel: Channel, person: Person) -> None:
    """Note that somebody has the rights on the network."""
    page = tab.open(f"/konton/{channel.pk}/administratorer/ny/")
    fill(page, person=person.email)
    press(page, "Anteckna")


@pytest.mark.browser
def test_an_account_is_ordered_opened_lent_audited_and_closed(
    reachable: WordPressServer, made: House, open_tab: OpenTab
) -> None:
    site = reachable
    officer, manager = open_tab(person=made.officer), open_tab(person=made.manager)
    communications = open_tab(person=made.communications)
    order = order_in(officer, made)
    approved(manager, communications, made)

    # Opening: without an address there is nothing to open, with one there is much to mend.
    page = officer.open(f"/konton/bestallningar/{order.pk}/oppning/")
    expect(page.get_by_role("button", name="Öppna kontot")).to_have_count(0)
    fill(page, address="inget")
    press(page, "Spara adressen")
    fill(page, address=site.url.rstrip("/"), handle="biblioteken")
    press(page, "Spara adressen")
    channel = connected(communications, site)
    page.reload()
    expect(page.locator("main")).to_contain_text("Måste rättas innan kontot kan öppnas")
    press(page, "Öppna kontot")
    expect(page.locator("main")).to_contain_text("Kontot kan inte öppnas än")
    expect(page.locator("main")).to_contain_text("Minst två administratörer från enheten")
    channel.refresh_from_db()
    assert channel.state == "opening"

    # Mended: the rights noted, mandates given, the site's own words put right and read back.
    noted(communications, channel, made.officer)
    for person in (made.colleague, made.communications):
        administrators.add(channel, person, by=made.communications.doer, now=timezone.now())
    for person in (made.officer, made.colleague):
        factories.mandate(person, channel, Act.ANSWER, Act.PUBLISH, since=timezone.now(), given_by=made.manager)
    tagline(site, TAGLINE)
    page = officer.open(f"/konton/bestallningar/{order.pk}/oppning/")
    press(page, "Kontrollera igen")
    left = [check.code for check, _fault in auditing.must_haves(Channel.objects.get(pk=channel.pk), timezone.now())]
    assert left == []
    expect(page.locator("main")).to_contain_text("Klart att öppna")
    press(page, "Öppna kontot")
    expect(page.locator(".u-messages")).to_contain_text("Kontot är öppet")
    channel.refresh_from_db()
    assert (channel.state, channel.profile["description"]) == ("live", TAGLINE)
    assert Clearance.objects.get(channel=channel).by == made.officer
    assert Order.objects.get().state == "opened"
    officer.shot("opening-opened", full=True)

    lent(manager, communications, open_tab, channel, made)
    deviated(officer, site, channel)
    still_and_closed(manager, communications, site, channel, made)


def lent(manager: Tab, communications: Tab, open_tab: OpenTab, channel: Channel, made: House) -> None:
    """Lent out with the communications unit's agreement; the right begins with the acknowledgement and ends."""
    borrower = made.stranger
    page = manager.open(f"/konton/{channel.pk}/lana-ut/")
    fill(page, people="ingen@almby.example", purpose="Gatukontoret svarar om bokbussen")
    press(page, "Fråga kommunikationsenheten")
    expect(page.locator("main")).to_contain_text("Ingen har adressen")
    fill(page, people=borrower.email)
    press(page, "Fråga kommunikationsenheten")
    path = path_of(page)
    press(communications.open(path), "Vi är överens")
    tab = open_tab(person=borrower)
    page = tab.open(path)
    expect(page.locator("main")).to_contain_text("Läs och kvittera riktlinjen först")
    assert channels.mandate(borrower, channel, Act.ANSWER, at=timezone.now()) is None
    page.get_by_role("link", name="Till riktlinjen").click()
    press(page, "Jag har läst och följer riktlinjen")
    press(tab.open(path), "Jag kvitterar lånet")
    assert channels.mandate(borrower, channel, Act.ANSWER, at=timezone.now()) is not None
    page = manager.open(path)
    page.get_by_text("Avsluta lånet i förtid").click()
    page.locator("details[open] textarea").fill("Bokbussen är lagad")
    press(page, "Avsluta lånet")
    assert channels.mandate(borrower, channel, Act.ANSWER, at=timezone.now()) is None


def deviated(officer: Tab, site: WordPressServer, channel: Channel) -> None:
    """The sender vanishes from the description: found, told with its rule, mended, and closed by itself."""
    tagline(site, "Vi finns för dig")
    page = officer.open(f"/konton/{channel.pk}/")
    press(page, "Kontrollera nu")
    row = Deviation.objects.get(channel=channel, code="profile.sender_description", mark="municipality")
    assert row.is_open
    page = officer.open(f"/konton/avvikelser/{row.pk}/")
    expect(page.locator("main")).to_contain_text("D13")
    expect(page.locator("main")).to_contain_text("Förvaltningslagen (2017:900)")
    tagline(site, TAGLINE)
    press(page, "Kontrollera igen")
    row.refresh_from_db()
    assert (row.state, row.ended_at is not None) == ("mended", True)


def still_and_closed(manager: Tab, communications: Tab, site: WordPressServer, channel: Channel, made: House) -> None:
    """Nothing is written for a long time: a talk, a time, a proposal, and an end in order."""
    whole.pull(channel)
    long_after = timezone.now() + timedelta(days=30)
    still = stillness.look(Channel.objects.select_related("responsible", "unit").get(pk=channel.pk), now=long_after)
    assert still is not None
    page = communications.open(f"/konton/{channel.pk}/aktivitet/")
    fill(page, words="Ingen hinner skriva. Vi avslutar om inget har hänt.")
    press(page, "Anteckna samtalet")
    still.refresh_from_db()
    assert still.state == "talked"
    stillness.look(
        Channel.objects.select_related("responsible", "unit").get(pk=channel.pk), now=long_after + timedelta(days=90)
    )
    page = manager.open(f"/konton/{channel.pk}/aktivitet/")
    expect(page.locator("main")).to_contain_text("Kontot föreslås avslutas")
    page.get_by_role("link", name="Föreslå att kontot avslutas").click()
    fill(page, reason="Ingen hinner sköta kontot")
    press(page, "Föreslå att kontot avslutas")
    path = path_of(page)
    # The manager decides when the communications unit has been heard, not before.
    press(page, "Godkänn att kontot avslutas")
    expect(page.locator("main")).to_contain_text("Kommunikationsenheten har inte svarat än")
    press(communications.open(path), "Inget att invända")
    press(manager.open(path), "Godkänn att kontot avslutas")
    page = communications.open(path)
    press(page, "Avsluta kontot här")
    expect(page.locator("main")).to_contain_text("Det gick inte än")
    fill(page, text="Nu slutar vi blogga. Fråga oss på biblioteket i stället.")
    press(page, "Spara utkastet")
    press(page, "Det är publicerat")
    expect(page.locator("main")).to_contain_text("Inlägget har inte synts på nätet än")
    site.create_post("Hej då", "<p>Nu slutar vi blogga. Fråga oss på biblioteket i stället.</p>")
    whole.pull(channel)
    page = communications.open(path)
    press(page, "Det är publicerat")
    press(page, "Ta ögonblicksbilden nu")
    take_last_picture()
    page = communications.open(path)
    press(page, "Kontrollera att det är borta")
    expect(page.locator("main")).to_contain_text("Kontot syns fortfarande på sin adress")
    site.stop_web()
    try:
        page = communications.open(path)
        page.locator("#seen-text").fill("Webbplatsen är avstängd, jag har försökt öppna den")
        press(page, "Kontrollera att det är borta")
        press(communications.open(path), "Avsluta kontot här")
    finally:
        site.start_web()
    channel.refresh_from_db()
    assert channel.state == "closed"
    communications.shot("account-closed", full=True)


# Each thing that a transfer asks for, in order: what it is called where it is missing, and how it is put right.
def handed_to(page: Page, site: WordPressServer, channel: Channel) -> list[tuple[str, Callable[[], None]]]:
    def decide() -> None:
        fill(page, number="KS 2026/114 § 27", decided_on="2026-01-12")
        page.locator("#id_board").select_option(index=1)
        press(page, "Spara beslutet")

    def owner() -> None:
        press(page, "Det står där")
        expect(page.locator("main")).to_contain_text("Sidan nämner inte Almby hembygdsförening")
        tagline(site, "Ägs av Almby hembygdsförening")
        press(page, "Det står där")

    def name() -> None:
        fill(page, new_name="Hembygdsbloggen")
        press(page, "Spara namnet")
        press(page, "Namnet stämmer på nätet")
        expect(page.locator("main")).to_contain_text("Kontot heter fortfarande")
        site.php("return update_option('blogname', 'Hembygdsbloggen');")
        press(page, "Namnet stämmer på nätet")

    def announce() -> None:
        fill(page, text="Från i dag sköter hembygdsföreningen bloggen.")
        press(page, "Spara utkastet")
        site.create_post("Ny ägare", "<p>Från i dag sköter hembygdsföreningen bloggen.</p>")
        whole.pull(channel)
        press(page, "Det är publicerat")

    def capture() -> None:
        press(page, "Ta ögonblicksbilden nu")
        take_last_picture()
        page.reload()

    return [
        ("nämndens beslut med nummer och datum", decide),
        ("att sidan säger vem som äger kontot", owner),
        ("att logotypen är borta ur profilbilden", lambda: press(page, "Den är borta ur profilbilden")),
        ("att logotypen är borta ur omslagsbilden", lambda: press(page, "Den är borta ur omslaget")),
        ("att namnet är kontrollerat", name),
        ("inlägget till följarna", announce),
        ("den sista ögonblicksbilden", capture),
        ("överlåtelsehandlingen", lambda: press(page, "Skriv handlingen")),
    ]


@pytest.mark.browser
def test_an_account_is_handed_over_with_everything_missing_once(
    reachable: WordPressServer, made: House, open_tab: OpenTab
) -> None:
    site = reachable
    site.php("return update_option('blogname', 'Almby kommuns blogg');")
    channel = whole.connect(site, name="Almby kommuns blogg", responsible=made.communications)
    whole.pull(channel)
    tab = open_tab(person=made.communications)
    page = tab.open(f"/konton/{channel.pk}/overlat/")
    fill(page, owner="Almby hembygdsförening", reason="Föreningen tar över lokalhistorien")
    page.locator("main form").get_by_role("button").first.click()
    page.wait_for_load_state("load")
    left = handed_to(page, site, channel)
    while left:
        press(page, "Överlåt kontot nu")
        expect(page.locator("main")).to_contain_text("Det gick inte än")
        for words, _mend in left:
            expect(page.locator("main")).to_contain_text(words)
        channel.refresh_from_db()
        assert channel.state == "live"
        # The page that refuses holds all that is needed to go on.
        _words, mend = left.pop(0)
        mend()
    tab.shot("transfer-ready", full=True)
    press(page, "Överlåt kontot nu")
    channel.refresh_from_db()
    assert channel.state == "closed"
    assert not channel.is_at_work
