"""The public list for programs: JSON, CSV, RSS of what changes, schema.org and DCAT-AP-SE (D12).

The description for data portals follows DCAT-AP-SE 3.0.1 (Digg, 25 November 2024): what is mandatory there and what is
recommended and known here. It is written by hand, as XML, so that nothing of RDF need run in the product.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from email.utils import format_datetime
from typing import Any
from xml.etree import ElementTree

from django.utils.translation import gettext as _
from django.utils.translation import override

from uppsikt.records.writers import safe
from uppsikt.register import directory, words
from uppsikt.register.directory import Listed
from uppsikt.register.directory_models import ListChange, PublicFacts

COLUMNS = (
    "id",
    "name",
    "network",
    "address",
    "handle",
    "unit",
    "department",
    "subject",
    "purpose",
    "languages",
    "email",
    "phone",
    "comments_open",
    "opened_on",
    "page",
)
LICENCE = "http://creativecommons.org/publicdomain/zero/1.0/"
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
ATOM = "http://www.w3.org/2005/Atom"
FORMATS = (("json", "application/json"), ("csv", "text/csv"))
for prefix, name in (*NAMES.items(), ("atom", ATOM)):
    ElementTree.register_namespace(prefix, name)


def record(row: Listed, language: str) -> dict[str, Any]:
    """An account as programs read it; the names of the fields stand in docs/reference/directory.md."""
    return {
        "id": row.key,
        "name": row.name,
        "network": row.network,
        "network_name": row.network_name,
        "address": row.address,
        "handle": row.handle,
        "unit": row.unit,
        "department": row.department,
        "subject": row.subject,
        "subject_name": words.subject(row.subject),
        "purpose": row.purpose,
        "languages": list(row.languages),
        "email": row.email,
        "phone": row.phone,
        "comments_open": row.comments_open,
        "opened_on": row.opened_on.isoformat() if row.opened_on else None,
        "page": directory.page("channel", row.key, language=language),
    }


def as_json(rows: Iterable[Listed], language: str) -> dict[str, Any]:
    """The whole list."""
    return {
        "municipality": directory.municipality(),
        "licence": LICENCE,
        "list": directory.page("list", language=language),
        "channels": [record(row, language) for row in rows],
    }


def as_csv(rows: Iterable[Listed], language: str) -> str:
    """The whole list for a spreadsheet, divided by commas; nothing in it is taken for a formula."""
    out = io.StringIO()
    sheet = csv.writer(out)
    sheet.writerow(COLUMNS)
    for row in rows:
        facts = record(row, language)
        facts["languages"] = " ".join(row.languages)
        facts["comments_open"] = "true" if row.comments_open else "false"
        sheet.writerow([safe(str(facts[name] if facts[name] is not None else "")) for name in COLUMNS])
    return out.getvalue()


def json_ld(rows: Sequence[Listed], ours: PublicFacts, language: str) -> dict[str, Any]:
    """The list in the words of schema.org: the municipality, its accounts, and the data set that they are."""
    here, name = directory.page("list", language=language), directory.municipality()
    owner = f"{here}#municipality"
    reached = {"email": ours.email, "telephone": ours.phone}
    contact = {"@type": "ContactPoint", "contactType": "customer service", **_known(reached)}
    entries = [
        {
            "@type": "ListItem",
            "position": number,
            "item": {
                "@type": "ProfilePage",
                "@id": directory.page("channel", row.key, language=language),
                "name": row.name,
                "url": row.address,
                "isPartOf": {"@type": "WebSite", "name": row.network_name},
                "publisher": _unit(row, owner),
                **_known({"abstract": row.purpose}),
                **({"about": {"@type": "Thing", "name": words.subject(row.subject)}} if row.subject else {}),
            },
        }
        for number, row in enumerate(rows, 1)
    ]
    return {
        "@context": {"@vocab": "https://schema.org/"},
        "@graph": [
            {
                "@type": "GovernmentOrganization",
                "@id": owner,
                "name": name,
                "sameAs": [row.address for row in rows],
                **_known({"url": ours.website, "address": ours.post}),
                **({"contactPoint": contact} if ours.email or ours.phone else {}),
            },
            {
                "@type": "CollectionPage",
                "@id": here,
                "url": here,
                "name": title(),
                "inLanguage": language,
                "publisher": {"@id": owner},
                "mainEntity": {"@type": "ItemList", "numberOfItems": len(entries), "itemListElement": entries},
            },
            {
                "@type": "Dataset",
                "@id": f"{here}#data",
                "name": title(),
                "description": description(),
                "license": LICENCE,
                "isAccessibleForFree": True,
                "creator": {"@id": owner},
                "distribution": [
                    {
                        "@type": "DataDownload",
                        "encodingFormat": kind,
                        "contentUrl": directory.page(form, language=language),
                    }
                    for form, kind in FORMATS
                ],
            },
        ],
    }


def _unit(row: Listed, owner: str) -> dict[str, Any]:
    return {"@type": "GovernmentOrganization", "name": row.unit, "parentOrganization": {"@id": owner}}


def _known(facts: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in facts.items() if value}


def title() -> str:
    """What the list is called."""
    return _("Kommunens konton i sociala medier")


def description() -> str:
    """What the list holds, in a sentence."""
    return _("Alla konton i sociala medier som %(municipality)s har, med nät, adress, ansvarig enhet och ämne.") % {
        "municipality": directory.municipality()
    }


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
        _line(item, "link", str(change.facts.get("address") or here))
        _line(item, "guid", f"{here}#{change.pk}").set("isPermaLink", "false")
        _line(item, "pubDate", format_datetime(change.at))
    return written(feed)


def _line(above: ElementTree.Element, tag: str, text: str) -> ElementTree.Element:
    made = ElementTree.SubElement(above, tag)
    made.text = _sayable(text)
    return made


def _sayable(text: str) -> str:
    """Without what XML cannot hold."""
    return "".join(sign for sign in text if sign in "\t\n" or (sign >= " " and not "\ud800" <= sign <= "\udfff"))


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
        made = _text(node, "dcterms:modified", changed_at.date().isoformat())
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
