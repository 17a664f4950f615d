"""A script that stands ready beside the service, so that Django need not be loaded anew for each question to it.

The script ends in `serve({"word": function, …})`; whoever asks holds a `Standing`.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


class Unanswered(Exception):
    """The script could not do what it was asked: its database was gone, most likely. Ask again."""


class Standing:
    """The asker's end. `environ` and `url` are the service's and its database's."""

    def __init__(self, module: str, environ: dict[str, str], url: str) -> None:
        self.url, self.lock = url, threading.Lock()
        self.process = subprocess.Popen(
            [sys.executable, "-m", module],
            env={**environ, "DATABASE_URL": url},
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, *words: str) -> Any:
        """What the script answers. Raises Unanswered."""
        with self.lock:
            assert self.process.stdin
            assert self.process.stdout
            try:
                self.process.stdin.write(json.dumps(words) + "\n")
                self.process.stdin.flush()
                told = json.loads(self.process.stdout.readline())
            except (OSError, ValueError) as error:
                raise Unanswered(f"the script is gone: {error}") from error
        if "fault" in told:
            raise Unanswered(told["fault"])
        return told["said"]

    def end(self) -> None:
        """Let the script go."""
        assert self.process.stdin
        with suppress(OSError):
            self.process.stdin.close()
        self.process.terminate()
        self.process.wait(30)


def serve(words: dict[str, Callable[..., Any]]) -> None:
    """The script's end: answer until nobody asks any more."""
    from django.db import connection  # noqa: PLC0415 only the script has set Django up

    for line in sys.stdin:
        word, *more = json.loads(line)
        try:
            told = {"said": words[word](*more)}
        except Exception as fault:  # noqa: BLE001 the asker hears of it and decides
            told = {"fault": f"{type(fault).__name__}: {fault}"}
        # Whatever was open may lead to a server that has been killed.
        connection.close()
        connection.close_pool()
        print(json.dumps(told, default=str), flush=True)
