"""The command line: `python -m practice serve` and `python -m practice fill`."""

from __future__ import annotations

import argparse
import logging
import os
import secrets
import signal
import sys
import threading
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from practice.clock import Clock, moment
from practice.fill import fill
from practice.live import Live
from practice.people import move_in
from practice.server import Server
from practice.stage import Stage
from practice.store import Store
from practice.trouble import Limiter, Troubles
from practice.world import World

TOKEN_FILE = "control-token"  # noqa: S105 - the file's name, not the token


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the command line and do as asked; returns the exit code."""
    asked = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stderr)
    return int(asked.run(asked))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="practice", description="Övningsnätet: ett litet påhittat socialt nätverk.")
    commands = parser.add_subparsers(required=True)
    serve = commands.add_parser("serve", help="svara på 127.0.0.1 tills någon avbryter")
    serve.add_argument("--port", type=int, required=True, help="0 tar en ledig port")
    serve.add_argument("--data", type=Path, required=True, help="mapp för nätets data")
    serve.add_argument("--speed", type=float, help="nätets sekunder per verklig sekund; 0 står stilla")
    serve.add_argument("--start", type=_moment, help="vad klockan visar första gången, som 2026-11-23T08:00:00Z")
    serve.add_argument("--every", type=float, help="sekunder mellan händelser i snitt; 0 är tystnad (förval 0)")
    serve.add_argument("--rate", type=int, default=3000, help="frågor per minut och nyckel; 0 är fritt (förval 3000)")
    serve.add_argument("--seed", help="frö för folkets infall, när mappen är ny")
    serve.add_argument("--quiet", action="store_true", help="skriv inte en rad per fråga")
    serve.set_defaults(run=_serve)
    year = commands.add_parser("fill", help="skriv ett års samtal på tolv konton")
    year.add_argument("--data", type=Path, required=True, help="mapp för nätets data")
    year.add_argument("--until", type=_moment, help="till och med; förval: vad klockan visar")
    year.add_argument("--days", type=int, default=365, help="antal dagar bakåt")
    year.add_argument("--share", type=float, default=1.0, help="andel av inläggen, för prov")
    year.add_argument("--seed", default="1", help="samma frö ger samma samtal")
    year.set_defaults(run=_fill)
    return parser


def _moment(text: str) -> datetime:
    try:
        return moment(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _fill(asked: argparse.Namespace) -> int:
    store = Store(asked.data)
    clock = Clock(store)
    before = store.number("SELECT count(*) FROM items")
    count = fill(
        World(store, clock), until=asked.until or clock.now(), days=asked.days, seed=asked.seed, share=asked.share
    )
    words = "Övningsnätet är redan fyllt" if before else "Övningsnätet är fyllt"
    print(f"{words}: {count} inlägg och kommentarer.", flush=True)
    store.close()
    return 0


def _serve(asked: argparse.Namespace) -> int:
    fresh = not (asked.data / "practice.sqlite3").exists()
    store = Store(asked.data)
    clock = Clock(store)
    if asked.speed is not None:
        clock.run(asked.speed)
    if fresh and asked.start:
        clock.show(asked.start)  # after the speed: a clock that is to stand still stands exactly there
    if fresh and asked.seed:
        store.keep("seed", asked.seed)
    world = World(store, clock)
    move_in(store, world.seed)
    live = Live(world)
    if asked.every is not None and asked.every != live.every:
        live.pace(asked.every)
    live.wake()
    stage = Stage(world, live, Troubles(), Limiter(asked.rate), control_token(asked.data))
    try:
        server = Server(asked.port, stage, quiet=asked.quiet)
    except OSError as error:
        print(f"Porten {asked.port} går inte att använda: {error.strerror}. Välj en annan med --port.", file=sys.stderr)
        return 1
    signal.signal(signal.SIGTERM, _stop)
    threading.Thread(target=server.live, daemon=True).start()
    print(f"Övningsnätet svarar på {server.address}/", flush=True)
    try:
        server.serve_forever(poll_interval=0.2)
    except KeyboardInterrupt:
        pass
    finally:
        server.server_close()
        store.close()
    return 0


def control_token(folder: Path) -> str:
    """The control token: from PRACTICE_CONTROL_TOKEN, else kept in the data folder, readable by its owner alone."""
    given = os.environ.get("PRACTICE_CONTROL_TOKEN", "")
    if given:
        return given
    path = folder / TOKEN_FILE
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(32))
    return path.read_text().strip()


def _stop(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
