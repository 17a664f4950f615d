"""What an order must hold before it is sent, and what of an outside e-service's order is believed (D9, D10)."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from uppsikt.register import order_intake, order_rules
from uppsikt.register.order_intake import Unreadable

WHOLE: dict[str, Any] = {
    "unit": 1, "network": "facebook", "name": "Biblioteken", "subject": "library", "purpose": "visa vad vi har",
    "goals": "fler som läser", "audience": "unga", "why_not_central": "vi har egna frågor", "responsible": 1,
    "second": 2, "hours_a_week": 3, "terms_read": True, "contact_email": "a@b.se",
}  # fmt: skip


def test_d9_a_whole_order_lacks_nothing() -> None:
    assert order_rules.lacks(WHOLE) == []


@pytest.mark.parametrize("name", order_rules.NEEDED)
def test_d9_each_part_of_the_needs_analysis_is_missed_by_name(name: str) -> None:
    for nothing in (None, "", 0, False):
        [lack] = [one for one in order_rules.lacks({**WHOLE, name: nothing}) if one.field == name]
        assert lack.why == "missing"
        assert name in order_rules.STEPS[lack.step]


def test_d9_a_word_is_no_purpose() -> None:
    lacks = order_rules.lacks({**WHOLE, "purpose": "Synas", "why_not_central": "Vill inte"})
    assert [(lack.field, lack.why) for lack in lacks] == [("purpose", "short"), ("why_not_central", "short")]


def test_d11_two_administrators_are_two() -> None:
    assert [lack.why for lack in order_rules.lacks({**WHOLE, "second": 1})] == ["same"]


def test_d14_some_way_to_reach_us_is_asked_for_and_any_will_do() -> None:
    assert [lack.field for lack in order_rules.lacks({**WHOLE, "contact_email": ""})] == ["contact_email"]
    assert order_rules.lacks({**WHOLE, "contact_email": "", "contact_phone": "0123"}) == []


def test_every_field_stands_in_one_step() -> None:
    names = [name for step in order_rules.STEPS.values() for name in step]
    assert len(names) == len(set(names))
    assert set(order_rules.NEEDED) <= set(names)
    steps = list(order_rules.STEPS)
    assert [order_rules.next_step(step) for step in steps] == [*steps[1:], ""]


OEP = """<?xml version="1.0" encoding="ISO-8859-1" standalone="no"?>
<FlowInstance xmlns="http://www.oeplatform.org/version/2.0/schemas/flowinstance"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
 <Header>
  <Flow><FamilyID>832</FamilyID><Version>4</Version><FlowID>2411</FlowID><Name><![CDATA[Beställ konto]]></Name></Flow>
  <FlowInstanceID>235212</FlowInstanceID>
  <Status><ID>17453</ID><Name><![CDATA[Inkommen]]></Name></Status>
  <Poster><Firstname><![CDATA[Åsa]]></Firstname><Lastname><![CDATA[Öberg]]></Lastname>
   <Email><![CDATA[asa@alvsta.example]]></Email><ID>1</ID></Poster>
  <Posted>2026-11-02T21:41:45</Posted>
 </Header>
 <Values>
  <enhet><QueryID>1</QueryID><Name><![CDATA[Vilken enhet?]]></Name><Value><![CDATA[Biblioteken]]></Value></enhet>
  <syfte><QueryID>2</QueryID><Name>Syfte</Name><Value>Visa vad vi gör på våra bibliotek</Value></syfte>
  <malgrupp><QueryID>3</QueryID><Name>För vem?</Name><Value>Unga</Value><Value>Äldre</Value></malgrupp>
  <okand><QueryID>4</QueryID><Value>Något annat</Value></okand>
  <villkor><QueryID>5</QueryID><Row><Value>Ja</Value></Row></villkor>
 </Values>
</FlowInstance>"""


def test_d10_open_eplatforms_xml_is_read_in_its_own_encoding() -> None:
    order = order_intake.read_xml(OEP.encode("iso-8859-1"))
    assert (order.source, order.number) == ("openeplatform", "235212")
    assert (order.orderer, order.email) == ("Åsa Öberg", "asa@alvsta.example")
    assert order.values == {
        "unit": "Biblioteken", "purpose": "Visa vad vi gör på våra bibliotek", "audience": "Unga\nÄldre",
        "terms_read": "Ja",
    }  # fmt: skip


HOSTILE = {
    "billion laughs": '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><FlowInstance>&b;</FlowInstance>',
    "a file": '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><FlowInstance>&a;</FlowInstance>',
    "a fetched type": '<!DOCTYPE x SYSTEM "http://127.0.0.1/x.dtd"><FlowInstance/>',
    "a parameter entity": '<!DOCTYPE x [<!ENTITY % p SYSTEM "http://127.0.0.1/"> %p;]><FlowInstance/>',
}


@pytest.mark.parametrize("name", HOSTILE)
def test_d10_hostile_xml_is_refused_before_anything_is_expanded_or_fetched(name: str) -> None:
    with pytest.raises(Unreadable) as refused:
        order_intake.read_xml(HOSTILE[name].encode())
    assert refused.value.code == "unsafe_xml"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "not_xml"),
        (b"<a", "not_xml"),
        (b"<a/>", "not_an_order"),
        (b"<FlowInstance/>", "no_number"),
        (b"<a>" * 200 + b"</a>" * 200, "too_large"),
        (b"<FlowInstance>" + b"<b/>" * 6000 + b"</FlowInstance>", "too_large"),
        (b"<FlowInstance>" + b" " * order_intake.MOST_BYTES + b"</FlowInstance>", "too_large"),
        (b'<?xml version="1.0" encoding="no-such"?><FlowInstance/>', "not_xml"),
    ],
)
def test_d10_what_is_no_order_says_why(body: bytes, code: str) -> None:
    with pytest.raises(Unreadable) as refused:
        order_intake.read_xml(body)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{", "not_json"),
        (b"[" * 100_000, "not_json"),
        (b"[]", "not_an_order"),
        (b"{}", "no_number"),
        (b'{"number": "' + b"1" * order_intake.MOST_BYTES + b'"}', "too_large"),
        (b'\xff{"number": "1"}', "not_json"),
    ],
)
def test_d10_json_that_is_no_order_says_why(body: bytes, code: str) -> None:
    with pytest.raises(Unreadable) as refused:
        order_intake.read_json(body)
    assert refused.value.code == code


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(st.sampled_from(["number", "source", "orderer", *sorted(order_intake.FIELDS)]), JSON, max_size=6)
)
def test_d10_whatever_json_comes_an_order_is_texts_within_bounds(told: dict[str, Any]) -> None:
    try:
        order = order_intake.read_json(json.dumps(told).encode())
    except Unreadable as refused:
        assert refused.code == "no_number"
        return
    assert order.number
    assert len(order.number) <= 80
    assert all(isinstance(value, str) and value and "\0" not in value for value in order.values.values())
    assert set(order.values) <= order_intake.FIELDS


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200) | st.text(alphabet="<>/aValueFlowInstance![CDATA]& ;", max_size=120).map(str.encode))
def test_d10_no_bytes_break_the_reader(body: bytes) -> None:
    with pytest.raises(Unreadable):
        order_intake.read_xml(body)
