"""Follows a page of the documentation to the letter: runs its commands, and does what its numbered steps say.

A step that cannot be read is a fault in the page: nothing is passed over.
"""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Page, expect

FENCE = re.compile(r"^```console\n(.*?)^```", re.MULTILINE | re.DOTALL)
PATIENCE = 600  # seconds for a command; long, for nothing here is a test of speed


@dataclass
class Terminal:
    """Where the page's commands run: a folder, and programs that go on while the page goes on."""

    source: Path
    folder: Path
    environment: dict[str, str]
    running: list[subprocess.Popen[str]] = field(default_factory=list)
    told: str = ""

    def run(self, command: str) -> None:
        """Run a command as a reader would. `demo` goes on in its window; its output is kept."""
        if command.startswith("git clone "):
            subprocess.run(["git", "clone", "-q", str(self.source), str(self.folder / "uppsikt")], check=True)
        elif command.startswith("cd "):
            self.folder /= command.removeprefix("cd ")
        elif command == "./uppsikt demo":
            self.start(command)
        else:
            done = subprocess.run(
                shlex.split(command), cwd=self.folder, env=self.environment, capture_output=True, text=True, check=False
            )
            assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"

    def start(self, command: str) -> None:
        """Start what goes on, and wait until it has said its links."""
        log = self.folder.parent / "demo.log"
        with log.open("w") as stream:
            made = subprocess.Popen(
                command.split(), cwd=self.folder, env=self.environment, stdout=stream, stderr=subprocess.STDOUT,
                text=True, start_new_session=True,
            )  # fmt: skip
        self.running.append(made)
        until = time.monotonic() + PATIENCE
        while "/logga-in/lank/" not in self.told:
            assert made.poll() is None, log.read_text(encoding="utf-8")
            assert time.monotonic() < until, log.read_text(encoding="utf-8")
            time.sleep(1)
            self.told = log.read_text(encoding="utf-8")
        time.sleep(1)  # the other links stand below the first
        self.told = log.read_text(encoding="utf-8")

    def stop(self) -> None:
        """End what goes on, as Ctrl-C does."""
        for made in self.running:
            os.killpg(made.pid, signal.SIGINT)
            made.wait(timeout=PATIENCE)

    def link(self, role: str) -> str:
        """The one-time link of a role."""
        (line,) = [line for line in self.told.splitlines() if line.strip().startswith(role)]
        return line.split()[-1]


@dataclass
class Reader:
    """Somebody who reads the page, with a terminal and a browser."""

    terminal: Terminal
    page: Page

    def follow(self, path: Path) -> int:
        """Do all that the page says; returns how many commands and steps that was."""
        done = 0
        for section in re.split(r"^## ", path.read_text(encoding="utf-8"), flags=re.MULTILINE):
            steps = list(steps_of(section))
            waits = next((index for index, step in enumerate(steps) if step.startswith("Vänta tills")), len(steps))
            for step in steps[:waits]:
                self.do(step)
            self.again_and_again(steps[waits + 1 :])
            done += len(steps)
        return done

    def again_and_again(self, steps: list[str]) -> None:
        """What comes after a wait is tried until it holds: the reader waits, and looks again soon."""
        expect.set_options(timeout=3_000)
        until = time.monotonic() + 180
        while steps:
            try:
                for step in steps:
                    self.do(step)
            except AssertionError:
                if time.monotonic() > until:
                    raise
                time.sleep(2)
            else:
                return

    def do(self, step: str) -> None:
        """Do one step. Raises AssertionError where it cannot be read, or does not come true."""
        for pattern, deed in DEEDS:
            found = re.fullmatch(pattern, step)
            if found:
                deed(self, *found.groups())
                return
        raise AssertionError(f"this step cannot be followed: {step}")

    def opens(self, role: str) -> None:
        self.page.goto(self.terminal.link(role))

    def presses_button(self, name: str) -> None:
        self.page.get_by_role("button", name=name).first.click()

    def presses_link(self, name: str) -> None:
        self.page.get_by_role("link", name=name).first.click()

    def sees_heading(self, name: str) -> None:
        expect(self.page.get_by_role("heading", name=name).first).to_be_visible()

    def sees_text(self, text: str) -> None:
        expect(self.page.get_by_text(text).first).to_be_visible()

    def opens_first(self) -> None:
        self.page.locator("[data-item]").first.click()

    def writes_by_key(self, text: str, key: str) -> None:
        self.page.keyboard.press(key)
        self.page.keyboard.type(text)

    def writes(self, text: str, label: str) -> None:
        self.page.get_by_label(label).first.fill(text)

    def presses_keys(self, keys: str) -> None:
        self.page.keyboard.press(keys)


Deed = Callable[..., None]
DEEDS: tuple[tuple[str, Deed], ...] = (
    (r"\$ (.+)", lambda reader, command: reader.terminal.run(command)),
    (r"Öppna länken för \*\*(.+?)\*\*.*", Reader.opens),
    (r"Tryck på knappen \*\*(.+)\*\*\.", Reader.presses_button),
    (r"Tryck på länken \*\*(.+)\*\*\.", Reader.presses_link),
    (r"Du ser rubriken \*\*(.+)\*\*\.", Reader.sees_heading),
    (r"Du ser texten \*\*(.+)\*\*\.", Reader.sees_text),
    (r"Öppna det första ärendet\.", Reader.opens_first),
    (r"Skriv `(.+)` i fältet som tangenten `(.)` leder till\.", Reader.writes_by_key),
    (r"Skriv `(.+)` i fältet \*\*(.+)\*\*\.", Reader.writes),
    (r"Tryck på tangenterna `(.+)`\.", Reader.presses_keys),
)


def steps_of(section: str) -> Iterator[str]:
    """Commands ("$ …") and numbered steps, in the order in which they stand."""
    for line in section.splitlines()[1:]:  # the first is the heading
        if line.startswith("$ "):
            yield line
        elif numbered := re.match(r"\d+\. (.+)", line):
            yield numbered.group(1)
