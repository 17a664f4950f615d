"""A passkey as a browser would have registered it, for pages that show one."""

from __future__ import annotations

import hashlib
import json
import os
from typing import Any

from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData

from uppsikt.organisation.models import Person

PRESENT_AND_VERIFIED = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV | AuthenticatorData.FLAG.AT


def passkey(person: Person, name: str = "Nyckel") -> Authenticator:
    """One of the person's passkeys, whose private half nobody has."""
    key = ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())
    known = os.urandom(32)
    data = AuthenticatorData.create(
        hashlib.sha256(b"localhost").digest(),
        PRESENT_AND_VERIFIED,
        0,
        AttestedCredentialData.create(Aaguid.NONE, known, key),
    )
    credential: dict[str, Any] = {
        "id": websafe_encode(known),
        "rawId": websafe_encode(known),
        "type": "public-key",
        "response": {
            "clientDataJSON": websafe_encode(
                json.dumps({"type": "webauthn.create", "challenge": "AAAA", "origin": "http://localhost"}).encode()
            ),
            "attestationObject": websafe_encode(AttestationObject.create("none", data, {})),
        },
    }
    made: Authenticator = Authenticator.objects.create(
        user=person, type="webauthn", data={"name": name, "credential": credential}
    )
    return made
