"""The frame that all pages share, by mouse, by keyboard and without scripts."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from journeys.browser import Tab
from journeys.test_accessible import somebody

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
OpenTab = Callable[..., Tab]


def test_keys_move_through_a_list_and_open_the_answer(open_tab: OpenTab) -> None:
    page = open_tab(person=somebody("administrator")).open("/ui/stil")
    items = page.locator("[data-item]")
    page.locator("main").focus()
    page.keyboard.press("j")
    expect(items.nth(2)).to_be_focused()  # the second is the current one
    page.keyboard.press("k")
    expect(items.nth(1)).to_be_focused()
    page.keyboard.press("r")
    answer = page.locator("#u-r")
    expect(answer).to_be_focused()
    page.keyboard.type("jkre?")
    expect(answer).to_have_value("jkre?")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.locator("#u-keys")).to_be_visible()
    page.locator("#u-keys-on").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    expect(page.locator("[data-item]:focus")).to_have_count(0)


def test_d22_unsent_text_survives_leaving_the_page(open_tab: OpenTab) -> None:
    page = open_tab(person=somebody("administrator")).open("/ui/stil")
    page.on("dialog", lambda dialog: dialog.accept())
    page.locator("#u-r").fill("Hej! Vi plogar i eftermiddag.")
    page.goto(page.url.replace("stil", "utseende"))
    page.goto(page.url.replace("utseende", "stil"))
    expect(page.locator("#u-r")).to_have_value("Hej! Vi plogar i eftermiddag.")
    expect(page.locator("#u-toast")).not_to_be_empty()


def test_a_question_is_asked_before_what_cannot_be_undone(open_tab: OpenTab) -> None:
    page = open_tab(person=somebody("administrator")).open("/ui/utseende")
    page.evaluate("document.querySelector('.u-form button').dataset.confirm = 'Säkert?'")
    page.locator("#id_name").fill("Älvsta kommun")
    page.locator(".u-form button").click()
    expect(page.locator("#u-confirm")).to_contain_text("Säkert?")
    page.locator("#u-confirm button[value=no]").click()
    expect(page.locator(".u-brand small")).to_have_text("")
    page.locator(".u-form button").click()
    page.locator("#u-confirm button[value=yes]").click()
    expect(page.locator(".u-brand small")).to_have_text("Älvsta kommun")


def test_menu_language_and_scheme_work_without_scripts(open_tab: OpenTab) -> None:
    page = open_tab(person=somebody("administrator"), size="narrow", scripts=False).open("/ui/stil")
    page.locator(".u-menu").click()
    expect(page.locator("#u-drawer")).to_be_visible()
    page.reload()
    page.locator(".u-user").click()
    page.get_by_role("button", name="Mörkt").click()
    expect(page.locator("html")).to_have_attribute("data-color-scheme", "dark")
    page.locator(".u-user").click()
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_the_municipalitys_colour_shows_while_one_chooses(open_tab: OpenTab) -> None:
    page = open_tab(person=somebody("administrator")).open("/ui/utseende")
    page.locator("#id_colour").evaluate("e => { e.value = '#7a1fa2'; e.dispatchEvent(new Event('input')); }")
    expect(page.locator(".u-form button").first).to_have_css("background-color", "rgb(122, 31, 162)")


def test_the_skip_link_leads_to_the_content(open_tab: OpenTab) -> None:
    page = open_tab(person=somebody("administrator")).open("/ui/utseende")
    page.keyboard.press("Tab")
    expect(page.locator(".u-skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
