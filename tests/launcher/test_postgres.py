"""The embedded PostgreSQL: shared by all who use it, stopped when the last has left, whole after any kill -9."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from uppsikt.kernel import keeper, postgres, postgres_home
from uppsikt.kernel.postgres_home import Home
from uppsikt.kernel.terminal import Trouble

SOURCE = Path(__file__).parents[2] / "src"
Until = Callable[[Callable[[], object]], None]
USE = """
import sys, pathlib
from uppsikt.kernel.postgres import embedded
with embedded(pathlib.Path(sys.argv[1])) as url:
    print(url, flush=True)
    sys.stdin.read()
"""


def user(place: Path) -> subprocess.Popen[str]:
    """Another program that uses the cluster until its input is closed; it has the cluster when this returns."""
    process = subprocess.Popen(
        [sys.executable, "-c", USE, str(place)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(SOURCE)},
    )
    assert process.stdout
    assert process.stdout.readline().startswith("postgresql://")
    return process


def write(url: str) -> int:
    """Add a row, and say how many there are."""
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (n int)")
        connection.execute("INSERT INTO kept VALUES (1)")
        row = connection.execute("SELECT count(*) FROM kept").fetchone()
    assert row
    return int(row[0])


def answers(url: str) -> bool:
    """Whether one can connect."""
    try:
        psycopg.connect(url, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def kill_and_wait(place: Path, until: Until) -> None:
    """Kill PostgreSQL, and wait for the next one to answer."""
    killed = keeper.running(Home(place))[0]
    os.kill(killed, signal.SIGKILL)
    until(lambda: keeper.running(Home(place))[0] not in {0, killed})
    until(lambda: answers(postgres.running_url(place) or ""))


def keeper_of(place: Path) -> int:
    """The process of the cluster's keeper."""
    mark = f"uppsikt.kernel.keeper\0{place}\0".encode()
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if mark in entry.read_bytes():
                return int(entry.parent.name)
        except OSError:
            continue  # it ended while we looked
    return 0


def test_data_is_there_the_next_time(place: Path) -> None:
    with postgres.embedded(place) as url:
        assert postgres.running_url(place) == url
        assert write(url) == 1
    assert postgres.running_url(place) is None
    assert not answers(url)
    with postgres.embedded(place) as url:
        assert write(url) == 2


def test_the_role_is_no_superuser_and_a_password_is_asked_for(place: Path) -> None:
    with postgres.embedded(place) as url:
        with psycopg.connect(url) as connection:
            assert connection.execute("SHOW is_superuser").fetchone() == ("off",)
        password = url.split(":")[2].split("@")[0]
        assert not answers(url.replace(password, "guessed"))
        files = [place / "postgres.url", place / "postgres.password", place / "postgres.log"]
        assert [file.stat().st_mode & 0o777 for file in files] == [0o600] * 3


def test_it_knows_swedish_letters(place: Path) -> None:
    with postgres.embedded(place) as url, psycopg.connect(url) as connection:
        row = connection.execute("SELECT lower('ÅÄÖ'), to_tsvector('swedish', 'ÄNGEN')::text").fetchone()
    assert row == ("åäö", "'äng':1")


def test_it_stays_for_those_who_still_use_it(place: Path, until: Until) -> None:
    other = user(place)
    with postgres.embedded(place) as url:
        assert write(url) == 1
    assert answers(url)
    other.communicate("")
    until(lambda: not answers(url))


def test_it_leaves_when_its_user_is_killed(place: Path, until: Until) -> None:
    other = user(place)
    url = postgres.running_url(place)
    assert url
    other.kill()
    other.communicate()
    until(lambda: not answers(url))
    until(lambda: not keeper_of(place))


def test_after_a_kill_of_all_that_is_ours_the_next_start_takes_over(place: Path) -> None:
    other = user(place)
    url = postgres.running_url(place)
    assert url
    assert write(url) == 1
    os.kill(keeper_of(place), signal.SIGKILL)
    other.kill()
    other.communicate()
    assert answers(url)  # nobody minds it now
    with postgres.embedded(place) as again:
        assert again == url
        assert write(again) == 2
    assert not answers(url)


def test_a_killed_postgresql_comes_back_on_its_port_with_all_that_was_said_done(place: Path, until: Until) -> None:
    with postgres.embedded(place) as url:
        for count in range(1, 4):
            assert write(url) == count
            kill_and_wait(place, until)
        assert write(url) == 4
        assert postgres.running_url(place) == url


def test_a_killed_keeper_is_replaced(place: Path, until: Until) -> None:
    with postgres.embedded(place) as url:
        first = keeper_of(place)
        os.kill(first, signal.SIGKILL)
        until(lambda: keeper_of(place) != first)

        def kept_up() -> bool:
            # Now and then, as those who run for long do: right after the blow the cluster may still seem kept.
            postgres.keep_up(place)
            time.sleep(1)
            return postgres.running_url(place) == url and bool(keeper_of(place))

        until(kept_up)
        kill_and_wait(place, until)
        assert answers(url)


def test_a_note_with_the_number_of_another_program_is_no_hindrance(place: Path) -> None:
    """After a restart of the machine the number in postmaster.pid may be anybody's."""
    with postgres.embedded(place) as url:
        note = Home(place).data / "postmaster.pid"
        words = note.read_text()
        assert write(url) == 1
    owner = Home(place).account
    stranger = subprocess.Popen(["sleep", "600"], **owner.popen)  # type: ignore[call-overload]
    try:
        note.write_text(words.replace(words.split("\n")[0], str(stranger.pid), 1))
        os.chown(note, owner.uid, owner.gid)
        with postgres.embedded(place) as url:
            assert write(url) == 2
    finally:
        stranger.kill()
        stranger.wait()


def test_data_of_another_version_is_left_alone(place: Path) -> None:
    with postgres.embedded(place):
        pass
    (Home(place).data / "PG_VERSION").write_text("15\n")
    with pytest.raises(Trouble, match="15"), postgres.embedded(place):
        pass


def test_a_start_that_was_cut_off_is_begun_anew(place: Path) -> None:
    (place / "postgres" / "data.new" / "base").mkdir(parents=True)
    with postgres.embedded(place) as url:
        assert write(url) == 1


def test_a_folder_that_cannot_be_written_is_named(place: Path) -> None:
    (place / "file").write_text("")
    with pytest.raises(Trouble, match="UPPSIKT_DATA"), postgres.embedded(place / "file" / "data"):
        pass


def test_root_puts_the_data_where_the_account_can_reach(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And changes no folder that somebody else made; others have their data in their own data folder."""
    monkeypatch.setattr(postgres_home, "SHARED", (place / "shared",))
    closed = place / "closed"
    (closed / "data").mkdir(parents=True)
    closed.chmod(0o700)
    home = Home(closed / "data")
    home.initialise()
    assert closed.stat().st_mode & 0o777 == 0o700
    assert home.data.stat().st_uid == home.account.uid != 0
    assert home.place.parent == (place / "shared" if os.geteuid() == 0 else closed / "data")
    assert home.binaries.joinpath("postgres").exists()


def test_binaries_that_the_account_cannot_reach_are_copied_whole(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A .venv under root's own home; the wheel's libraries lie beside its package."""
    really = postgres_home.reachable

    def nothing_of_ours(path: Path, account: postgres_home.Account) -> bool:
        return "site-packages" not in path.parts and really(path, account)

    monkeypatch.setattr(postgres_home, "reachable", nothing_of_ours)
    home = Home(place)
    assert place in home.binaries.parents
    done = subprocess.run([home.binaries / "pg_isready", "--version"], check=True, capture_output=True, text=True)
    assert done.stdout.startswith("pg_isready (PostgreSQL) 18")
