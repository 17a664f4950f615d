"""The whole way, as somebody would walk it: a backup under load, another installation, and no answer sent twice.

Everything is real: `uppsikt serve` with its own PostgreSQL, the practice network over HTTP, a person's browser that
answers all the while, and the commands in processes of their own. `scripts/bare_drill.sh` does it in a bare Debian.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

from crash.service import ROOT, Service, wait_for
from crash.standing import Unanswered
from crash.test_kill9 import Browser

HANDLE = "kopian"
SLOW_SECONDS = 0.3  # for each answer, so that the backup meets some on their way


@pytest.fixture
def service() -> Iterator[Service]:
    """The service, up and empty, in a folder that PostgreSQL's account can pass through when root runs the tests."""
    with tempfile.TemporaryDirectory(prefix="uppsikt-backup-", ignore_cleanup_errors=True) as made:
        folder = Path(made)
        folder.chmod(0o711)
        running = Service(folder)
        try:
            running.start()
            yield running
        finally:
            running.stop()
            print((folder / "uppsikt.log").read_text(errors="replace")[-4000:])


def run(service: Service, *words: str, code: int = 0) -> str:
    """A command of ours in the installation; what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", "uppsikt.cli", *words],
        env={**service.environ, "LC_ALL": "C"},
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


def stage(service: Service, word: str) -> Any:
    """Ask our script beside the service, on its database."""
    return service.stage(word, script="backups.stage")


class Load:
    """Citizens who write and an officer who answers, for as long as they are let."""

    def __init__(self, service: Service, cookie: str) -> None:
        self.service, self.browser = service, Browser(service, cookie)
        self.post = str(service.control("say", handle=HANDLE, text="Inlägg")["item"])
        self.said = self.answered = 0
        self.stop = threading.Event()

    def write(self) -> None:
        """Citizens."""
        while not self.stop.wait(0.1):
            self.said += 1
            self.service.control("say", to=self.post, name=f"Medborgare {self.said}", text=f"Fråga {self.said}?")

    def answer(self) -> None:
        """The officer, who takes each new case as it comes and answers it once."""
        done: set[int] = set()
        while not self.stop.wait(0.25):
            with suppress(Unanswered):
                for case in self.service.stage("tell")["cases"]:
                    if case["id"] not in done and case["state"] == "open" and not self.stop.is_set():
                        done.add(case["id"])
                        with suppress(httpx.HTTPError, AssertionError):
                            self.answered += self.browser.send(case["id"], f"Svar på ärende {case['id']}.")

    @contextmanager
    def going(self) -> Iterator[None]:
        """Both at work."""
        threads = [threading.Thread(target=work) for work in (self.write, self.answer)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self.stop.set()
            for thread in threads:
                thread.join()


def another(first: Service, folder: Path) -> Service:
    """Another installation, on a machine of its own but for the practice network, which is everybody's."""
    folder.mkdir(mode=0o711)
    second = Service(folder)
    second.practice_port, second.practice, second.token = first.practice_port, first.practice, first.token
    second.environ["UPPSIKT_ALLOW_PRIVATE"] = first.environ["UPPSIKT_ALLOW_PRIVATE"]
    return second


def answers_on(service: Service) -> Counter[str]:
    """What the account has answered on the network, and how often."""
    return Counter(row["text"] for row in service.dump() if row["kind"] == "comment" and row["person_id"] is None)


@pytest.mark.slow
@pytest.mark.server
def test_d35_backed_up_under_load_restored_elsewhere_and_nothing_sent_twice(service: Service) -> None:
    folder = service.folder
    service.control("accounts", handle=HANDLE, name="Kopiekanalen", flavour="microblog")  # which forgets keys
    token = service.control("tokens", handle=HANDLE)["token"]
    scene = service.stage("set", f"{service.practice}/@{HANDLE}", token)
    load = Load(service, scene["cookie"])
    (folder / "lösenfras").write_text("en lång lösenfras")
    keys = ["--keys", str(folder / "nycklar"), "--passphrase-file", str(folder / "lösenfras")]
    service.control("troubles", kind="slow", path="/api/", method="POST", seconds=SLOW_SECONDS)
    with load.going():
        wait_for("answers before the backup", lambda: load.answered >= 3)
        said = load.said
        run(service, "backup", str(folder / "kopior"), *keys)
        assert load.said > said, "people wrote while it was made"
        answered = load.answered
        wait_for("answers after the backup", lambda: load.answered >= answered + 3)
    assert "0 faults" in run(service, "backup", "check", str(folder / "kopior"), *keys)
    wait_for("all to be sent", lambda: all(row["state"] == "published" for row in stage(service, "tell")["answers"]))
    at_original, on_network = stage(service, "tell"), answers_on(service)
    service.processes.pop().terminate()  # the machine is lost
    service.calm()

    second = another(service, folder / "andra")
    try:
        assert "0 faults" in run(second, "backup", "check", str(folder / "kopior"), *keys)
        assert not (second.folder / "uppsikt" / "keys").exists(), "looking makes no keys, which would be in the way"
        assert "0 faults" in run(second, "restore", str(folder / "kopior"), *keys)
        run(second, "restore", str(folder / "kopior"), *keys, code=1)  # never over what is there
        second.run("uppsikt", "-m", "uppsikt.cli", "serve", "--port", str(second.port))
        wait_for("the restored web", second.answers)
        wait_for("the worker", lambda: "0 wrong" in run(second, "doctor"))
        copy = stage(second, "tell")
        assert [row["state"] for row in copy["channels"]] == ["paused"]
        assert 0 < len(copy["answers"]) < len(at_original["answers"]), "as of the backup"
        assert all(row["state"] == "done" or row["needs_person"] for row in copy["intents"])
        assert copy["blobs"] > 0
        stage(second, "resume")
        wait_for("the restored channel to be read", lambda: read_anew(second, copy))
        wait_for("each answer to be found", lambda: found(second))
        assert answers_on(second) == on_network, "the copy added nothing, whatever was on its way"
        assert max(on_network.values()) == 1
    finally:
        second.stop()
        print((second.folder / "uppsikt.log").read_text(errors="replace")[-2000:])


def read_anew(service: Service, before: dict[str, Any]) -> bool:
    """Whether the channel was read after the restore, with the key that came back."""
    now = stage(service, "tell")["channels"][0]
    return bool(now["pulled_at"] != before["channels"][0]["pulled_at"] and not now["trouble_code"])


def found(service: Service) -> bool:
    """Whether everything that the backup caught on its way was found on the network, where the original had sent it."""
    return all(row["state"] == "done" for row in stage(service, "tell")["intents"])
