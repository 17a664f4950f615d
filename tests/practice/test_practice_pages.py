"""On the practice network's pages anybody can be a citizen, and nothing that anybody wrote runs."""

import httpx

from practice_network import Network

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)> \u202etxet &amp; 'citat' \u0000 slut"


def test_a_visitor_comments_edits_and_deletes_his_own(network: Network) -> None:
    network.open("torget")
    post = network.say("Inlägg", handle="torget")
    with httpx.Client(base_url=network.base, follow_redirects=True) as visitor:
        page = visitor.post(f"/@torget/{post}", data={"name": "Vera i Hedby", "text": "Hur går det?"})
        assert "Hur går det?" in page.text
        said = network.dump()[-1]
        edited = visitor.post(f"/@torget/comment/{said['id']}/andra", data={"text": "Hur gick det?"})
        assert "Hur gick det?" in edited.text
        answer = visitor.post(f"/@torget/{post}", data={"name": "Vera", "text": "Och sen?", "to": str(said["id"])})
        assert answer.status_code == 200
        assert network.dump()[-1]["parent_id"] == said["id"]
        stranger = httpx.post(f"{network.base}/@torget/comment/{said['id']}/ta-bort")
        assert stranger.status_code == 403
        foreign = visitor.post(f"/@torget/comment/{said['id']}/ta-bort", headers={"Origin": "http://elsewhere.example"})
        assert foreign.status_code == 403
        gone = visitor.post(f"/@torget/comment/{said['id']}/ta-bort")
        assert "Hur gick det?" not in gone.text
    assert [one["state"] for one in network.dump()[-2:]] == ["deleted", "deleted"]


def test_whatever_is_written_is_shown_and_never_run(network: Network) -> None:
    network.open("torget")
    post = network.say(HOSTILE, handle="torget", title=HOSTILE)
    said = network.say(HOSTILE, to=post, name="<b>Bo</b>")
    for path in ("/@torget", f"/@torget/{post}", f"/@torget/{post}?to={said.split('/')[1]}"):
        page = httpx.get(network.base + path).text
        assert "<script" not in page
        assert "<img src=x" not in page
        assert "<b>Bo" not in page
        assert "\x00" not in page
    link = httpx.get(f"{network.base}/@torget/{said}")
    assert link.headers["location"] == f"/@torget/{post}#{said.replace('/', '-')}"


def test_pictures_are_pictures(network: Network) -> None:
    network.open("bild", "photo")
    post = network.say("Utsikt", handle="bild", alt="Landskap")
    for path in ("/@bild/bild.png", f"/@bild/{post}/bild.png"):
        answer = httpx.get(network.base + path)
        assert answer.headers["content-type"] == "image/png"
        assert answer.content.startswith(b"\x89PNG")
