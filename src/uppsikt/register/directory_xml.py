"""The public list as XML: RSS of what changes, and DCAT-AP-SE (D12).

The description for data portals follows DCAT-AP-SE 3.0.1 (Digg, 25 November 2024): what is mandatory there and what is
recommended and known here. It is written by hand, so that nothing of RDF need run in the product.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from email.utils import format_datetime
from xml.etree import ElementTree

from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import override

from uppsikt.register import directory, words
from uppsikt.register.directory_data import FORMATS, LICENCE, description, title
from uppsikt.register.directory_models import ListChange, PublicFacts

EU = "http://publications.europa.eu/resource/authority"
NAMES = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "adms": "http://www.w3.org/ns/adms#",
}
XML = "http://www.w3.org/XML/1998/namespace"
UNSAYABLE = frozenset({*map(chr, range(0xD800, 0xE000)), "\ufffe", "\uffff"})
ATOM = "http://www.w3.org/2005/Atom"
for prefix, name in (*NAMES.items(), ("atom", ATOM)):
    ElementTree.register_namespace(prefix, name)


def rss(changes: Iterable[ListChange], language: str) -> bytes:
    """What came, went and changed, the newest first."""
    feed = ElementTree.Element("rss", {"version": "2.0"})
    channel = ElementTree.SubElement(feed, "channel")
    here = directory.page("list", language=language)
    _line(channel, "title", f"{title()} – {directory.municipality()}")
    _line(channel, "link", here)
    _line(channel, "description", description())
    _line(channel, "language", language)
    place = {"href": directory.page("rss", language=language), "rel": "self", "type": "application/rss+xml"}
    ElementTree.SubElement(channel, f"{{{ATOM}}}link", place)
    for change in changes:
        item = ElementTree.SubElement(channel, "item")
        what = str(ListChange.What(change.what).label)
        _line(item, "title", f"{what}: {change.facts.get('name', '')} ({change.facts.get('network_name', '')})")
        if changed := differences(change):
            _line(item, "description", changed)
        _line(item, "link", directory.web(str(change.facts.get("address", ""))) or here)
        _line(item, "guid", f"{here}#{change.pk}").set("isPermaLink", "false")
        _line(item, "pubDate", format_datetime(change.at))
    return written(feed)


def differences(change: ListChange) -> str:
    """What is told of otherwise than before, in words; "" for an account that came or went."""
    if change.what != ListChange.What.CHANGED:
        return ""
    new = {name: value for name, value in change.facts.items() if change.before.get(name) != value}
    return ". ".join(f"{label}: {_in_words(name, new[name])}" for name, label in words.LISTED.items() if name in new)


def _in_words(name: str, value: object) -> str:
    if name == "comments_open":
        return _("Går att skriva") if value else _("Avstängda")
    if name == "subject":
        return words.subject(str(value))
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value or "–")


def _line(above: ElementTree.Element, tag: str, text: str) -> ElementTree.Element:
    made = ElementTree.SubElement(above, tag)
    made.text = _sayable(text)
    return made


def _sayable(text: str) -> str:
    """Without what XML cannot hold."""
    return "".join(sign for sign in text if sign in "\t\n" or (sign >= " " and sign not in UNSAYABLE))


def written(root: ElementTree.Element) -> bytes:
    """A document, with its declaration."""
    ElementTree.indent(root)
    made: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return made


def dcat(ours: PublicFacts, changed_at: datetime | None) -> bytes:
    """The list as an open data set: a catalogue of one set, and its two ways to be had."""
    here = directory.page("list")
    catalogue, owner, data = f"{here}#katalog", f"{here}#kommun", f"{here}#data"
    root = ElementTree.Element(_tag("rdf:RDF"))
    node = _node(root, "dcat:Catalog", catalogue)
    for tongue in ("sv", "en"):
        with override(tongue):
            _text(node, "dcterms:title", title(), tongue)
            _text(node, "dcterms:description", description(), tongue)
    _link(node, "dcterms:publisher", owner)
    _link(node, "dcterms:license", LICENCE)
    _link(node, "foaf:homepage", here)
    _link(node, "dcterms:language", f"{EU}/language/SWE")
    _link(node, "dcat:themeTaxonomy", f"{EU}/data-theme")
    _link(node, "dcat:dataset", data)
    agent = _node(root, "foaf:Agent", owner)
    _text(agent, "foaf:name", directory.municipality())
    _link(agent, "dcterms:type", "http://purl.org/adms/publishertype/LocalAuthority")
    _data_set(root, data, owner, f"{here}#kontakt", changed_at)
    for form, kind in FORMATS:
        _distribution(root, f"{here}#{form}", directory.page(form), kind)
    contact = _node(root, "vcard:Organization", f"{here}#kontakt")
    _text(contact, "vcard:fn", directory.municipality())
    if ours.email:
        _link(contact, "vcard:hasEmail", f"mailto:{ours.email}")
    _link(contact, "vcard:hasURL", directory.page("opinion"))
    return written(root)


def _data_set(root: ElementTree.Element, address: str, owner: str, contact: str, changed_at: datetime | None) -> None:
    node = _node(root, "dcat:Dataset", address)
    for tongue in ("sv", "en"):
        with override(tongue):
            _text(node, "dcterms:title", title(), tongue)
            _text(node, "dcterms:description", description(), tongue)
            _text(node, "dcat:keyword", _("sociala medier"), tongue)
    _link(node, "dcterms:publisher", owner)
    _link(node, "dcat:contactPoint", contact)
    _link(node, "dcat:theme", f"{EU}/data-theme/GOVE")
    _link(node, "dcterms:accessRights", f"{EU}/access-right/PUBLIC")
    _link(node, "dcterms:accrualPeriodicity", f"{EU}/frequency/IRREG")
    _link(node, "dcterms:language", f"{EU}/language/SWE")
    if changed_at:
        made = _text(node, "dcterms:modified", localdate(changed_at).isoformat())
        made.set(_tag("rdf:datatype"), "http://www.w3.org/2001/XMLSchema#date")
    for form, _kind in FORMATS:
        _link(node, "dcat:distribution", f"{address.removesuffix('#data')}#{form}")


def _distribution(root: ElementTree.Element, address: str, file: str, kind: str) -> None:
    node = _node(root, "dcat:Distribution", address)
    _link(node, "dcat:accessURL", file)
    _link(node, "dcat:downloadURL", file)
    _text(node, "dcterms:format", kind)
    _link(node, "dcterms:license", LICENCE)


def _tag(name: str) -> str:
    space, _colon, word = name.partition(":")
    return f"{{{NAMES[space]}}}{word}"


def _node(root: ElementTree.Element, kind: str, address: str) -> ElementTree.Element:
    return ElementTree.SubElement(root, _tag(kind), {_tag("rdf:about"): address})


def _link(node: ElementTree.Element, name: str, address: str) -> None:
    ElementTree.SubElement(node, _tag(name), {_tag("rdf:resource"): address})


def _text(node: ElementTree.Element, name: str, text: str, language: str = "") -> ElementTree.Element:
    made = _line(node, _tag(name), text)
    if language:
        made.set(f"{{{XML}}}lang", language)
    return made
