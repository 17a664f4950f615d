"""The public list for programs: JSON, CSV and schema.org (D12)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from uppsikt.records.writers import safe
from uppsikt.register import directory, words
from uppsikt.register.directory import Listed
from uppsikt.register.directory_models import PublicFacts

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
FORMATS = (("json", "application/json"), ("csv", "text/csv"))


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
    entries = [_entry(number, row, owner, language) for number, row in enumerate(rows, 1)]
    return {
        "@context": {"@vocab": "https://schema.org/"},
        "@graph": [
            {
                "@type": "GovernmentOrganization",
                "@id": owner,
                "name": name,
                "sameAs": [row.address for row in rows if row.address],
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
            _data_set(here, owner, language),
        ],
    }


def _entry(number: int, row: Listed, owner: str, language: str) -> dict[str, Any]:
    about = {"about": {"@type": "Thing", "name": words.subject(row.subject)}} if row.subject else {}
    return {
        "@type": "ListItem",
        "position": number,
        "item": {
            "@type": "ProfilePage",
            "@id": directory.page("channel", row.key, language=language),
            "name": row.name,
            "isPartOf": {"@type": "WebSite", "name": row.network_name},
            "publisher": _unit(row, owner),
            **_known({"url": row.address, "abstract": row.purpose}),
            **about,
        },
    }


def _data_set(here: str, owner: str, language: str) -> dict[str, Any]:
    files = [
        {
            "@type": "DataDownload",
            "encodingFormat": kind,
            "contentUrl": directory.page(form, language=language),
        }
        for form, kind in FORMATS
    ]
    return {
        "@type": "Dataset",
        "@id": f"{here}#data",
        "name": title(),
        "description": description(),
        "license": LICENCE,
        "isAccessibleForFree": True,
        "creator": {"@id": owner},
        "distribution": files,
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
