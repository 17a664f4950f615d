"""The practice network keeps what its README says: what the connector, the demo and trainings lean on."""

import signal
from datetime import UTC, datetime

import httpx

from practice_network import MONDAY, Network


def test_it_says_what_it_is(network: Network) -> None:
    network.open("torget")
    told = httpx.get(f"{network.base}/.well-known/practice-network").json()
    assert told["network"] == "practice-network"
    assert [one["handle"] for one in told["accounts"]] == ["torget"]
    for path in ("/", "/@torget", "/@finns-inte"):
        page = httpx.get(network.base + path)
        assert "Det här är inte ett riktigt socialt nätverk" in page.text
        assert "default-src 'none'" in page.headers["content-security-policy"]


def test_tokens_open_one_account_until_revoked_or_expired(network: Network) -> None:
    token, other = network.open("torget"), network.open("parken")
    post = network.say("Nytt på torget", handle="torget")
    assert network.api("GET", "account", token).json()["handle"] == "torget"
    assert network.api("GET", f"posts/{post.split('/')[1]}", other).status_code == 404
    short = network.control("POST", "tokens", handle="torget", seconds=60)["token"]
    network.control("POST", "clock", step=61)
    assert network.api("GET", "account", short).json()["error"]["code"] == "token_expired"
    network.control("POST", "tokens/revoke", handle="torget")
    assert network.api("GET", "account", token).json()["error"]["code"] == "token_revoked"
    assert network.api("GET", "account", "fel").json()["error"]["code"] == "wrong_token"
    assert network.api("GET", "account", other).is_success
    assert httpx.get(f"{network.base}/control/dump").status_code == 401


def test_lists_go_by_last_change_and_pages_lose_nothing(network: Network) -> None:
    token = network.open("torget")
    post = network.say("Inlägg", handle="torget")
    said = [network.say(f"Kommentar {number}", to=post, name="Eva") for number in range(7)]
    seen: list[str] = []
    after = ""
    while True:
        told = network.api("GET", "comments", token, params={"limit": "3", "after": after}).json()
        seen += [f"comment/{one['id']}" for one in told["items"]]
        after = told["next"]
        if not told["left"]:
            break
    assert seen == said
    network.control("POST", "edit", item=said[2], text="Ändrad")
    network.control("POST", "delete", item=said[4])
    network.control("POST", "state", item=said[5], state="hidden")
    fresh = network.api("GET", "comments", token, params={"after": after}).json()["items"]
    assert [(one["id"], one["text"], one["state"]) for one in fresh] == [
        (int(said[2].split("/")[1]), "Ändrad", "visible"),
        (int(said[5].split("/")[1]), "Kommentar 5", "hidden"),
    ]
    newest = network.api("GET", "comments", token, params={"order": "newest", "limit": "2"}).json()
    assert [one["text"] for one in newest["items"]] == ["Kommentar 5", "Ändrad"]
    assert network.api("GET", "comments", token, params={"after": newest["next"]}).status_code == 422
    network.control("POST", "clock", step=3600)
    network.say("Senare", to=post, name="Eva")
    since = network.api("GET", "comments", token, params={"since": "2026-11-23T09:30:00Z"}).json()["items"]
    assert [one["text"] for one in since] == ["Senare"]


def test_an_etag_holds_until_words_or_state_change(network: Network) -> None:
    token = network.open("torget")
    said = network.say("Hej", to=network.say("Inlägg", handle="torget"), name="Eva")
    path = f"comments/{said.split('/')[1]}"
    tag = network.api("GET", path, token).headers["etag"]
    network.control("POST", "like", item=said)
    assert network.api("GET", path, token, headers={"If-None-Match": tag}).status_code == 304
    network.control("POST", "state", item=said, state="hidden")
    changed = network.api("GET", path, token, headers={"If-None-Match": tag})
    assert (changed.status_code, changed.json()["likes"]) == (200, 1)
    network.control("POST", "delete", item=said)
    assert network.api("GET", path, token).status_code == 410
    assert network.api("GET", "comments/999", token).status_code == 404


def test_an_answer_with_a_key_happens_once_even_over_a_crash(network: Network) -> None:
    token = network.open("torget")
    said = network.say("Fråga?", to=network.say("Inlägg", handle="torget"), name="Eva")
    path = f"comments/{said.split('/')[1]}/replies"
    sending = {"json": {"text": "Svar"}, "headers": {"Idempotency-Key": "k-1"}}
    first = network.api("POST", path, token, **sending)
    assert first.status_code == 201
    network.stop(signal.SIGKILL)
    network.start()
    again = network.api("POST", path, token, **sending)
    assert (again.status_code, again.headers["idempotent-replayed"]) == (200, "true")
    assert again.json()["id"] == first.json()["id"]
    assert len([one for one in network.dump() if one["text"] == "Svar"]) == 1
    other = network.api("POST", path, token, json={"text": "Annat"}, headers={"Idempotency-Key": "k-1"})
    assert other.json()["error"]["code"] == "key_reused"


def test_all_that_was_answered_survives_kill_9(network: Network) -> None:
    network.open("torget")
    post = network.say("Inlägg", handle="torget")
    for number in range(5):
        said = network.say(f"Före krasch {number}", to=post, name="Eva")
        network.stop(signal.SIGKILL)
        network.start()
        assert network.dump()[-1]["text"] == f"Före krasch {number}"
        network.control("POST", "edit", item=said, text=f"Efter krasch {number}")
    assert network.control("GET", "clock")["now"] == MONDAY.replace("Z", ".000Z")


def test_flavours_differ(network: Network) -> None:
    photo, micro, blog = (
        network.open("bild", "photo"),
        network.open("korta", "microblog"),
        network.open("blogg", "blog"),
    )

    def under(handle: str, **more: str) -> str:
        return network.say("Kommentar", to=network.say("Inlägg", handle=handle), name="Eva", **more)

    first = under("bild")
    number = first.split("/")[1]
    second = network.say("Svar på den", to=first, name="Bo")
    third = network.api("POST", f"comments/{second.split('/')[1]}/replies", photo, json={"text": "Vårt svar"}).json()
    assert (third["parent_id"], third["answers_id"]) == (int(number), int(second.split("/")[1]))
    network.control("POST", "delete", item=first)
    assert network.api("GET", f"comments/{third['id']}", photo).status_code == 404

    number = under("korta").split("/")[1]
    assert network.api("PUT", f"comments/{number}/state", micro, json={"state": "hidden"}).status_code == 403
    assert network.api("DELETE", f"comments/{number}", micro).status_code == 403
    assert network.api("POST", f"comments/{number}/replies", micro, json={"text": "x" * 501}).status_code == 422

    post = network.say("Inlägg", handle="blogg")
    held = network.say("Se http://exempel.example", to=post, name="Bo").split("/")[1]
    assert network.api("GET", f"comments/{held}", blog).json()["state"] == "held"
    assert network.api("PUT", f"comments/{held}/state", blog, json={"state": "visible"}).json()["state"] == "visible"
    network.control("POST", "clock", step=91 * 86400)
    assert network.api("GET", f"comments/{held}", blog).json()["can"] == ["hide", "remove"]
    assert (
        network.api("POST", f"comments/{held}/replies", blog, json={"text": "Sent"}).json()["error"]["code"] == "closed"
    )


def test_trouble_comes_to_order_and_goes(network: Network) -> None:
    token = network.open("torget")
    for kind, status in (("error", 500), ("html", 200), ("nonsense", 200), ("rate_limit", 429)):
        network.control("POST", "troubles", kind=kind, count=1, seconds=7)
        answer = network.api("GET", "account", token)
        assert answer.status_code == status
        assert answer.headers.get("retry-after") == ("7" if kind == "rate_limit" else None)
        assert network.api("GET", "account", token).json()["handle"] == "torget"
    network.control("POST", "troubles", kind="down")
    try:
        network.api("GET", "account", token)
        raise AssertionError("it answered")
    except httpx.RemoteProtocolError:
        pass
    network.control("DELETE", "troubles")
    assert network.api("GET", "account", token).is_success


def test_wrong_requests_are_answered_with_words(network: Network) -> None:
    token = network.open("torget")
    post = network.say("Inlägg", handle="torget").split("/")[1]
    assert network.api("POST", f"posts/{post}/replies", token, content=b"{nej").status_code == 400
    assert network.api("POST", f"posts/{post}/replies", token, content=b'{"text": "\\ud800"}').status_code == 400
    assert network.api("POST", f"posts/{post}/replies", token, json={"text": "  "}).json()["error"]["code"] == "empty"
    assert network.api("POST", f"posts/{post}/replies", token, content=b" " * 1_000_001).status_code == 413
    assert network.api("PUT", "account", token).status_code == 405
    assert network.api("GET", "posts", token, params={"since": "i går"}).status_code == 422
    assert network.api("GET", "posts", token, params={"limit": "-1"}).status_code == 422


def test_too_many_questions_are_told_when_to_come_back(network: Network) -> None:
    network.stop()
    network.options[-1] = "3"
    network.start()
    token = network.open("torget")
    answers = [network.api("GET", "account", token) for _ in range(8)]
    refused = [one for one in answers if one.status_code == 429]
    assert refused
    assert 1 <= int(refused[0].headers["retry-after"]) <= 60


def test_the_clock_runs_steps_and_stands(network: Network) -> None:
    assert network.control("GET", "clock") == {"now": "2026-11-23T09:00:00.000Z", "speed": 0.0}
    assert network.control("POST", "clock", step=90)["now"] == "2026-11-23T09:01:30.000Z"
    network.control("POST", "clock", speed=3600)
    first, second = (datetime.fromisoformat(network.control("GET", "clock")["now"]) for _ in range(2))
    assert datetime(2026, 11, 23, 9, 1, tzinfo=UTC) < first < second
