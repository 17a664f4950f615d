"""The strings behind the stage, with a token of their own: for tests, for the demo, for whoever leads a training."""

from __future__ import annotations

import secrets
from dataclasses import asdict
from typing import Any

from practice import items, world
from practice.clock import moment, stamp
from practice.errors import Refusal
from practice.flavours import FLAVOURS
from practice.items import Item, Person
from practice.stage import Stage
from practice.trouble import KINDS, Trouble
from practice.web import Request, Response, Routes, as_json

ROUTES = Routes()


def guard(request: Request, token: str) -> None:
    """Let only the holder of the control token pass. Raises Refusal 401."""
    if not secrets.compare_digest(request.bearer().encode(), token.encode()):
        raise Refusal(401, "wrong_token", "Styrnyckeln är fel.", WWW_Authenticate="Bearer")


@ROUTES.on("POST", "/control/accounts")
def open_account(stage: Stage, request: Request) -> Response:
    """Open an account: handle, name, flavour, description, colour."""
    asked = request.json()
    made = world.open_account(
        stage.world,
        handle=request.text("handle"),
        name=request.text("name"),
        flavour=str(asked.get("flavour", "page")),
        description=str(asked.get("description", "")),
        colour=str(asked.get("colour", "#245f8a")),
    )
    return as_json({"handle": made.handle}, 201)


@ROUTES.on("POST", "/control/tokens")
def give_token(stage: Stage, request: Request) -> Response:
    """A new token: handle, and seconds until it expires if it should."""
    seconds = request.json().get("seconds")
    token = world.give_token(stage.world, request.text("handle"), seconds=None if seconds is None else float(seconds))
    return as_json({"token": token}, 201)


@ROUTES.on("POST", "/control/tokens/revoke")
def revoke_tokens(stage: Stage, request: Request) -> Response:
    """Revoke all tokens of a handle."""
    world.revoke_tokens(stage.world, request.text("handle"))
    return Response(204)


@ROUTES.on("GET", "/control/clock")
def clock(stage: Stage, _request: Request) -> Response:
    """What the clock shows, and its speed."""
    return as_json({"now": stamp(stage.world.clock.now()), "speed": stage.world.clock.speed})


@ROUTES.on("POST", "/control/clock")
def turn_clock(stage: Stage, request: Request) -> Response:
    """Turn the clock: `set` to a time, `speed`, `step` by seconds; the people do what they had planned meanwhile."""
    asked = request.json()
    try:
        if "set" in asked:
            stage.world.clock.show(moment(str(asked["set"])))
        if "speed" in asked:
            stage.world.clock.run(float(asked["speed"]))
        if "step" in asked:
            stage.world.clock.step(float(asked["step"]))
    except ValueError as error:
        raise Refusal(422, "bad_time", str(error)) from error
    stage.live.catch_up()
    return clock(stage, request)


@ROUTES.on("POST", "/control/live")
def pace(stage: Stage, request: Request) -> Response:
    """How often something happens by itself: `every` seconds of the network's time on average; 0 is never."""
    stage.live.pace(float(request.json().get("every", 0)))
    return as_json({"every": stage.live.every})


@ROUTES.on("POST", "/control/say")
def say(stage: Stage, request: Request) -> Response:
    """Let somebody speak now: a post by `handle`, or a comment by `name` (or the account) under `to` (comment/17)."""
    asked, text = request.json(), request.text("text")
    if "to" in asked:
        to = _item(stage, str(asked["to"]))
        made = world.say(stage.world, to, text, by=_somebody(stage, asked))
    else:
        made = world.publish(
            stage.world, request.text("handle"), text, title=str(asked.get("title", "")), alt=str(asked.get("alt", ""))
        )
    return as_json({"item": made.name}, 201)


@ROUTES.on("POST", "/control/edit")
def edit(stage: Stage, request: Request) -> Response:
    """Let the writer of `item` give it other words."""
    return as_json({"item": world.edit(stage.world, _item(stage, request.text("item")), request.text("text")).name})


@ROUTES.on("POST", "/control/delete")
def remove(stage: Stage, request: Request) -> Response:
    """Let the writer of `item` delete it, or the account or the network (`by`)."""
    by = str(request.json().get("by", "author"))
    world.remove(stage.world, _item(stage, request.text("item")), by=by)
    return Response(204)


@ROUTES.on("POST", "/control/state")
def set_state(stage: Stage, request: Request) -> Response:
    """Turn `item` visible or hidden."""
    return as_json(
        {"state": world.set_state(stage.world, _item(stage, request.text("item")), request.text("state")).state}
    )


@ROUTES.on("POST", "/control/like")
def like(stage: Stage, request: Request) -> Response:
    """One more likes `item`."""
    world.like(stage.world, _item(stage, request.text("item")))
    return Response(204)


@ROUTES.on("POST", "/control/follow")
def follow(stage: Stage, request: Request) -> Response:
    """Let the account `handle` like or follow (`bond`) the page `name` at `url`."""
    name, url = request.text("name"), request.text("url")
    world.follow(stage.world, request.text("handle"), request.text("bond"), name=name, url=url)
    return Response(204)


@ROUTES.on("POST", "/control/unfollow")
def unfollow(stage: Stage, request: Request) -> Response:
    """Let it stop."""
    world.unfollow(stage.world, request.text("handle"), request.text("bond"), url=request.text("url"))
    return Response(204)


@ROUTES.on("GET", "/control/dump")
def dump(stage: Stage, request: Request) -> Response:
    """All that was ever said under `handle` (or at all), deleted things too: what a test compares with."""
    handle = request.query.get("handle", "")
    found = items.items(stage.world.store, "(? = '' OR handle = ?) ORDER BY id", [handle, handle])
    return as_json({"items": [asdict(one) for one in found], "flavours": sorted(FLAVOURS)})


@ROUTES.on("GET", "/control/acts")
def acts(stage: Stage, _request: Request) -> Response:
    """What was done, oldest first: hidden, shown, deleted, brought back; by whom, and from which state."""
    rows = stage.world.store.rows(
        "SELECT acts.*, items.kind FROM acts JOIN items ON items.id = item_id ORDER BY acts.id"
    )
    return as_json({"acts": [{**dict(row), "item": f"{row['kind']}/{row['item_id']}"} for row in rows]})


@ROUTES.on("POST", "/control/troubles")
def make_trouble(stage: Stage, request: Request) -> Response:
    """Make trouble: kind, path, method, count, seconds (see trouble.py)."""
    asked = request.json()
    kind = request.text("kind")
    if kind not in KINDS:
        raise Refusal(422, "no_such_trouble", f"Välj en av: {', '.join(KINDS)}.")
    count = asked.get("count")
    stage.troubles.add(
        Trouble(
            kind,
            path=str(asked.get("path", "/api/")),
            method=str(asked.get("method", "")),
            count=None if count is None else int(count),
            seconds=float(asked.get("seconds", 1)),
        )
    )
    return Response(204)


@ROUTES.on("DELETE", "/control/troubles")
def clear_troubles(stage: Stage, _request: Request) -> Response:
    """All is well again."""
    stage.troubles.clear()
    return Response(204)


def _item(stage: Stage, name: str) -> Item:
    kind, _, number = name.partition("/")
    if kind not in ("post", "comment") or not number.isdecimal():
        raise Refusal(422, "bad_item", "Skriv post/3 eller comment/17.")
    return items.standing(stage.world.store, kind, int(number))


def _somebody(stage: Stage, asked: dict[str, Any]) -> Person | None:
    name = asked.get("name")
    return world.citizen(stage.world, cookie=f"control:{name}", name=str(name)) if name else None
