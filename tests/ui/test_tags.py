"""The components."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django import forms
from django.template import Context, Template


def render(source: str, **context: object) -> str:
    return Template("{% load ui %}" + source).render(Context(context))


class Reply(forms.Form):
    text = forms.CharField(label="Svar", help_text="Kort och klart.", widget=forms.Textarea)
    open = forms.BooleanField(label="Öppet", required=False)
    kind = forms.ChoiceField(label="Slag", choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)


def test_a_field_is_tied_to_its_label_help_and_error() -> None:
    html = render('{% field form.text rows=3 data_draft_key="x-1" %}', form=Reply({"text": ""}))
    assert 'for="id_text"' in html
    assert 'aria-describedby="id_text_help id_text_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'data-draft-key="x-1"' in html
    assert 'id="id_text_error"' in html
    assert 'rows="3"' in html


def test_choices_stand_under_a_legend() -> None:
    html = render("{% field form.kind %}", form=Reply())
    assert "<legend" in html
    assert html.count('type="radio"') == 2


def test_the_error_summary_links_to_the_fields() -> None:
    html = render("{% form_errors form %}", form=Reply({"text": ""}))
    assert 'href="#id_text"' in html
    assert not render("{% form_errors form %}", form=Reply())


def test_words_from_outside_are_escaped_everywhere() -> None:
    bad = '<img src=x onerror="1">'
    source = (
        "{% tag bad %}{% heading bad %}{% button bad confirm=bad %}{% link_button bad bad %}{% person who bad %}"
        '{% alert "info" bad %}{{ bad }}{% endalert %}{% nothing bad %}{{ bad }}{% endnothing %}'
        '{% table bad %}{% endtable %}{% live bad "x" label=bad %}{% endlive %}'
        "{{ bad|isolate }}{{ bad|preview:99 }}{% said bad %}"
    )
    html = render(source, bad=bad, who=SimpleNamespace(name=bad, title=""))
    assert "<img" not in html


def test_an_unknown_tone_is_an_error() -> None:
    with pytest.raises(ValueError, match="no tone"):
        render('{% tag "x" "pink" %}')


def test_a_button_says_its_key() -> None:
    html = render('{% button "Ta" key="t" hx_post="/x" %}')
    assert 'data-key="t"' in html
    assert 'aria-keyshortcuts="t"' in html
    assert 'hx-post="/x"' in html
    assert 'type="submit"' in html


def test_the_chip_of_nobody() -> None:
    assert "ingen" in render("{% person None %}")
    assert ">AB<" in render("{% person who %}", who=SimpleNamespace(name="Anna Maria Berg", title=""))
