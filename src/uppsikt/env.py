"""Reads the environment, strictly: a setting that is there and wrong stops the start with a sentence."""

from __future__ import annotations

import os
import secrets
import threading
from collections.abc import Callable
from pathlib import Path

TRUE = {"1", "true", "yes", "on", "ja"}
FALSE = {"", "0", "false", "no", "off", "nej"}


class SettingError(Exception):
    """A setting is missing or wrong; the text says which and what to write instead."""


def text(name: str, default: str | None = None) -> str:
    """The setting as text. A setting NAME_FILE names a file that holds the value. Raises SettingError."""
    file = os.environ.get(f"{name}_FILE")
    if file:
        try:
            return Path(file).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise SettingError(f"{name}_FILE names {file}, which cannot be read: {error.strerror}") from error
    value = os.environ.get(name)
    if value is None:
        if default is None:
            raise SettingError(
                f"{name} is not set. Set it in the environment, or put it in a file named by {name}_FILE."
            )
        return default
    return value.strip()


def flag(name: str, default: bool = False) -> bool:
    """The setting as yes or no. Raises SettingError for any other word."""
    value = text(name, "1" if default else "0").lower()
    if value in TRUE:
        return True
    if value in FALSE:
        return False
    raise SettingError(f"{name} is {value!r}. Write 1 for yes or 0 for no.")


def words(name: str, default: str = "") -> list[str]:
    """The setting as a list, divided by commas or white space."""
    return text(name, default).replace(",", " ").split()


def number(name: str, default: int, *, least: int = 0) -> int:
    """The setting as a whole number of at least `least`. Raises SettingError."""
    value = text(name, str(default))
    if not value.isdigit() or int(value) < least:
        raise SettingError(f"{name} is {value!r}. Write a whole number from {least}.")
    return int(value)


def one_of(name: str, allowed: tuple[str, ...]) -> str:
    """The setting as one of the words allowed; the first where it is not set. Raises SettingError."""
    value = text(name, allowed[0]).lower()
    if value not in allowed:
        raise SettingError(f"{name} is {value!r}. Write one of: {', '.join(allowed)}.")
    return value


def folder() -> Path:
    """The data folder (UPPSIKT_DATA): blobs, keys and, where embedded, the database."""
    default = "/var/lib/uppsikt" if os.geteuid() == 0 else str(Path.home() / ".local/share/uppsikt")
    return Path(text("UPPSIKT_DATA", default)).absolute()


def key(name: str, file: Path, make: Callable[[], str] = lambda: secrets.token_urlsafe(48)) -> str:
    """A secret key from the environment, else from `file`, made there (readable by the owner alone) the first time."""
    value = text(name, "")
    if value:
        return value
    try:
        if not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True)
            write_once(file, make())
        return file.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise SettingError(
            f"The key file {file} cannot be made ({error.strerror}). Let UPPSIKT_DATA name a folder that takes files."
        ) from error


def write_once(file: Path, value: str) -> None:
    """Write a secret file whole, unless another process was first: then theirs stays. Raises OSError."""
    part = file.with_name(f".{file.name}.{os.getpid()}.{threading.get_ident()}")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as stream:
        stream.write(value)
    try:
        file.hardlink_to(part)
    except FileExistsError:
        return
    finally:
        part.unlink()
