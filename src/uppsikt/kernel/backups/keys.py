"""The installation's keys in a backup: never beside what they open, and locked by a passphrase where one is given."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cryptography.fernet import Fernet, InvalidToken

from uppsikt.kernel import stores
from uppsikt.kernel.backups.manifest import Manifest, fingerprint
from uppsikt.kernel.stores import Missing, Store
from uppsikt.kernel.terminal import Trouble

COST = 2**15  # scrypt's N: some tenths of a second for each guess


# A key's file in the folder keys/, its name there without ".key", and its setting in Django.
SETTINGS = {"secret": "SECRET_KEY", "credentials": "CREDENTIALS_KEY", "push": "PUSH_KEY", "evidence": "EVIDENCE_KEY"}


@dataclass(frozen=True, slots=True)
class Keys:
    """An installation's keys by name: for sessions and links, for credentials to the networks, and so on."""

    by_name: Mapping[str, str] = field(repr=False)

    @classmethod
    def of(cls, settings: Any) -> Keys:
        """Those that the settings hold."""
        found = {name: str(getattr(settings, setting, "")) for name, setting in SETTINGS.items()}
        return cls({name: value for name, value in found.items() if value})

    @property
    def credentials(self) -> str:
        """The key that credentials are locked with; it seals manifests too."""
        return self.by_name.get("credentials", "")

    @property
    def fingerprints(self) -> dict[str, str]:
        """What tells them from others."""
        return {name: fingerprint(value) for name, value in self.by_name.items()}


def name_of(which: str) -> str:
    """What the keys of a backup are called in their place."""
    return f"keys/{which}.json"


def check_apart(place: Store, keys_place: Store) -> None:
    """Keys beside the data would open it for whoever finds both. Raises Trouble."""
    one, other = place.words.rstrip("/") + "/", keys_place.words.rstrip("/") + "/"
    if one.startswith(other) or other.startswith(one):
        raise Trouble(
            "Nycklarna får inte ligga på samma plats som säkerhetskopian: den som kommer åt den ena skulle då kunna "
            "läsa allt. Välj en annan plats för --keys.",
            "The keys may not lie in the same place as the backup: whoever gets at one could then read everything. "
            "Choose another place for --keys.",
        )


def lock(passphrase: str, salt: bytes) -> Fernet:
    """The lock that a passphrase makes."""
    made = hashlib.scrypt(passphrase.encode(), salt=salt, n=COST, r=8, p=1, maxmem=2**26, dklen=32)
    return Fernet(base64.urlsafe_b64encode(made))


def keep(place: Store, which: str, keys: Keys, passphrase: str = "") -> None:
    """Write the keys of a backup to their own place."""
    body = json.dumps(dict(keys.by_name)).encode()
    if passphrase:
        salt = secrets.token_bytes(16)
        kept = {"backup": which, "salt": salt.hex(), "locked": lock(passphrase, salt).encrypt(body).decode()}
    else:
        kept = {"backup": which, "open": base64.b64encode(body).decode()}
    place.add(name_of(which), [json.dumps(kept).encode()])


def fetch(place: Store, manifest: Manifest, passphrase: str = "") -> Keys:
    """The keys of a backup, seen to be the right ones. Raises Trouble."""
    try:
        kept = json.loads(stores.read(place, name_of(manifest.id)))
        if "open" in kept:
            body = base64.b64decode(kept["open"])
        elif not passphrase:
            raise Trouble(
                "Nycklarna är låsta med en lösenfras. Ange filen som den står i med --passphrase-file.",
                "The keys are locked with a passphrase. Name the file that holds it with --passphrase-file.",
            )
        else:
            body = lock(passphrase, bytes.fromhex(kept["salt"])).decrypt(kept["locked"].encode())
        keys = Keys({str(name): str(value) for name, value in json.loads(body).items()})
    except Missing as error:
        raise Trouble(
            f"I {place.words} finns inga nycklar till säkerhetskopian {manifest.id}.",
            f"In {place.words} there are no keys for the backup {manifest.id}.",
        ) from error
    except InvalidToken as error:
        raise Trouble(
            "Lösenfrasen öppnar inte nycklarna: den är fel, eller så är filen med nycklarna skadad.",
            "The passphrase does not open the keys: it is wrong, or the file of the keys is damaged.",
        ) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Trouble(
            f"Filen med nycklarna i {place.words} är skadad och går inte att läsa.",
            f"The file of the keys in {place.words} is damaged and cannot be read.",
        ) from error
    if keys.fingerprints != manifest.fingerprints:
        raise Trouble(
            f"Nycklarna i {place.words} är inte de som hör till säkerhetskopian {manifest.id}.",
            f"The keys in {place.words} are not those that belong to the backup {manifest.id}.",
        )
    return keys
