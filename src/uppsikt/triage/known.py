"""What is nobody's secret: the municipality's own addresses and numbers, so that they raise no alarm."""

from __future__ import annotations

from django.conf import settings

from uppsikt.organisation.models import Person
from uppsikt.text.known import Known

OWN_HOSTS = {"localhost", "localhost.localdomain"}


def known() -> Known:
    """The contacts of everybody who works here, the domain that our letters leave from, and what the settings name."""
    contacts, numbers = set[str](), set[str]()
    for email, phone in Person.objects.filter(is_active=True).values_list("email", "phone"):
        contacts.add(email)
        if phone:
            numbers.add(phone)
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip(" >")
    if domain and domain not in OWN_HOSTS:
        contacts.add(f"@{domain}")
    for words in settings.OWN_CONTACTS:
        # A telephone or organisation number has no letters; a street address has some.
        (contacts if any(sign.isalpha() for sign in words) else numbers).add(words)
    return Known(contacts=frozenset(contacts), numbers=frozenset(numbers))
