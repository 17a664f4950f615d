"""The WordPress connector against a real WordPress (D1, D18, D40)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from servers import wordpress_server
from servers.wordpress_server import WordPressServer
from uppsikt.connectors import registry
from uppsikt.connectors.base import (
    Can,
    Captured,
    Direction,
    Found,
    Gone,
    Known,
    Permanent,
    Quota,
    Reconnect,
    Retry,
    Sent,
    Trouble,
    Unknown,
    Visibility,
)
from uppsikt.connectors.wordpress import WordPress, recognise
from uppsikt.net import Client, Limits

pytestmark = pytest.mark.server


@pytest.fixture(scope="module")
def site() -> Iterator[WordPressServer]:
    wordpress_server.require()
    with WordPressServer() as it:
        yield it


@pytest.fixture(autouse=True)
def well_again(site: WordPressServer) -> Iterator[None]:
    yield
    site.trouble("")
    site.moderate_strangers(False)


@pytest.fixture
def post(site: WordPressServer) -> int:
    return site.create_post("Badet öppnar", "<p>Simhallen öppnar <b>i morgon</b>.</p><p>Välkomna!</p>")


def client(site: WordPressServer, **limits: float) -> Client:
    return Client(Limits(allow_private=frozenset({site.host}), **limits))  # type: ignore[arg-type]


def connect(
    site: WordPressServer, *, user: str = "", password: str | None = None, worked_before: bool = False, **limits: float
) -> WordPress:
    settings = {"api": site.url + "wp-json/", "site": site.url, "worked_before": worked_before}
    secrets = {"username": user or site.user, "application_password": site.password if password is None else password}
    return WordPress(client(site, **limits), settings, secrets, lambda: datetime.now(UTC))


def everything(connector: WordPress, cursor: dict[str, object] | None = None) -> dict[str, Captured]:
    return {item.native_id: item for batch in connector.pull(cursor or {}) for item in batch.items}


def cursor_of(connector: WordPress) -> dict[str, object]:
    return dict(list(connector.pull({}))[-1].cursor)


def one(connector: WordPress, native_id: str) -> Captured:
    [answer] = connector.refetch([Known(native_id)])
    assert answer.item is not None
    return answer.item


# -- recognising and connecting -------------------------------------------------


def test_d1_a_site_is_recognised_from_its_address_and_says_what_it_needs(site: WordPressServer, post: int) -> None:
    for address in (site.host, site.url, site.page_address(post)):
        found = registry.recognise(address, client(site))
        assert (found.network, found.name) == ("wordpress", "Almby kommuns blogg")
        assert found.settings["api"] == site.url + "wp-json/"
        assert [(need.name, need.secret) for need in found.needs] == [
            ("username", False), ("application_password", True),
        ]  # fmt: skip
        assert found.found["application_passwords"] == "yes"
        assert "wp/v2" in found.found["namespaces"]
        assert int(found.found["posts"]) >= 1


def test_d1_a_site_in_a_folder_with_plain_addresses_is_recognised() -> None:
    wordpress_server.require()
    with WordPressServer(folder="/blogg") as site:
        found = recognise(site.url, client(site))
        assert found is not None
        assert found.settings["api"] == site.url + "wp-json/"
        site.php("global $wp_rewrite; $wp_rewrite->set_permalink_structure(''); flush_rewrite_rules();")
        found = recognise(site.url, client(site))
        assert found is not None
        assert "rest_route=" in str(found.settings["api"])
        secrets = {"username": site.user, "application_password": site.password}
        connector = WordPress(client(site), found.settings, secrets, lambda: datetime.now(UTC))
        assert connector.check().logged_in_as == "redaktion"
        assert "post/1" in everything(connector)
        assert recognise(f"http://{site.host}/", client(site)) is None


def test_the_profile_says_who_we_are_and_what_we_may(site: WordPressServer) -> None:
    profile = connect(site).check()
    assert (profile.name, profile.description) == ("Almby kommuns blogg", "Från kommunen")
    assert (profile.logged_in_as, profile.native_user_id) == ("redaktion", "user/1")
    assert profile.can == {Can.REPLY, Can.APPROVE, Can.HIDE, Can.REMOVE, Can.POST}


def test_without_a_password_what_all_may_read_is_read(site: WordPressServer, post: int) -> None:
    seen = site.anonymous_comment(post, "Åsa", "Syns för alla")
    site.moderate_strangers()
    held = site.anonymous_comment(post, "Bo", "Hålls kvar")
    anybody = connect(site, password="")
    profile = anybody.check()
    assert (profile.logged_in_as, profile.can) == ("", frozenset())
    items = everything(anybody)
    assert f"comment/{seen}" in items
    assert f"comment/{held}" not in items
    assert items[f"comment/{seen}"].can == frozenset()
    assert items[f"comment/{seen}"].author == one(connect(site), f"comment/{seen}").author


def refusal(call: object) -> Trouble:
    with pytest.raises(Trouble) as caught:
        call()  # type: ignore[operator]
    return caught.value


def test_a_wrong_password_and_an_unknown_user_are_told(site: WordPressServer) -> None:
    for connector in (connect(site, password="fel fel fel"), connect(site, user="ingen")):
        trouble = refusal(connector.check)
        assert (type(trouble), trouble.code) == (Reconnect, "wrong_password")


def test_a_revoked_password_is_told_apart_from_a_wrong_one(site: WordPressServer) -> None:
    site.new_user("tillfallig", "editor")
    password = site.new_password("tillfallig")
    assert connect(site, user="tillfallig", password=password).check().logged_in_as == "tillfallig"
    site.revoke_password("tillfallig")
    before = connect(site, user="tillfallig", password=password, worked_before=True)
    for call in (before.check, lambda: list(before.pull({})), lambda: list(before.refetch([Known("post/1")]))):
        trouble = refusal(call)
        assert (type(trouble), trouble.code) == (Reconnect, "revoked")


def test_a_user_who_may_not_moderate_is_told(site: WordPressServer) -> None:
    site.new_user("lasare", "subscriber")
    trouble = refusal(connect(site, user="lasare", password=site.new_password("lasare")).check)
    assert (trouble.code, trouble.facts["why"]) == ("forbidden", "moderate_comments")


def test_a_site_that_has_switched_application_passwords_off_is_told(site: WordPressServer) -> None:
    site.trouble("no-passwords")
    trouble = refusal(connect(site, worked_before=True).check)
    assert (type(trouble), trouble.code) == (Reconnect, "login_ignored")
    found = recognise(site.url, client(site))
    assert found is not None
    assert found.found["application_passwords"] == "no"


def test_a_site_that_is_down_is_told_and_read_when_it_is_up_again(site: WordPressServer) -> None:
    site.stop_web()
    try:
        for call in (connect(site).check, lambda: recognise(site.url, client(site))):
            trouble = refusal(call)
            assert (type(trouble), trouble.code) == (Retry, "site_down")
    finally:
        site.start_web()
    assert connect(site).check().logged_in_as == "redaktion"


@pytest.mark.parametrize(
    ("kind", "code", "sort"),
    [
        ("html", "not_json", Permanent),
        ("login", "login_wall", Permanent),
        ("maintenance", "maintenance", Retry),
        ("limit", "rate_limited", Quota),
    ],
)
def test_pages_instead_of_answers_have_a_word_each(
    site: WordPressServer, kind: str, code: str, sort: type[Trouble]
) -> None:
    site.trouble(kind)
    calls = [connect(site).check, lambda: list(connect(site).pull({})), lambda: recognise(site.url, client(site))]
    for call in calls:
        trouble = refusal(call)
        assert (type(trouble), trouble.code) == (sort, code)
    if isinstance(trouble, Retry):
        assert trouble.after == {"maintenance": 120.0, "limit": 30.0}[kind]
    if kind == "html":
        assert trouble.facts["title"] == "Just a moment..."


@pytest.mark.parametrize(("kind", "remark"), [("warnings", ("php_noise",)), ("bom", ())])
def test_a_careless_site_is_read_all_the_same(
    site: WordPressServer, post: int, kind: str, remark: tuple[str, ...]
) -> None:
    site.trouble(kind)
    assert everything(connect(site))[f"post/{post}"].remarks == remark


def test_a_private_address_is_refused_unless_allowed(site: WordPressServer) -> None:
    trouble = refusal(lambda: recognise(site.url, Client()))
    assert (type(trouble), trouble.code) == (Permanent, "private_address")


# -- reading --------------------------------------------------------------------


def test_d1_posts_pages_and_their_pictures_are_read(site: WordPressServer) -> None:
    picture = site.php(
        "$id = wp_insert_attachment(['post_title' => 'b', 'post_mime_type' => 'image/png'], '2026/bad.png');"
        "update_post_meta($id, '_wp_attachment_image_alt', 'Barn badar'); return $id;"
    )
    own = site.create_post(
        "Öppet & stängt",
        "<p>Rad ett<br>rad två</p><p>Läs <a href='/mer'>mer</a></p>"
        "<img src='/wp-content/uploads/karta.png' alt='Karta'>"
        "<a href='/wp-content/uploads/tider.pdf'>Tider</a>",
    )
    site.php(f"set_post_thumbnail({own}, {picture});")
    page = site.create_post("Kontakt", "<p>Ring oss</p>", post_type="page")
    items = everything(connect(site))
    post = items[f"post/{own}"]
    assert post.title == "Öppet & stängt"
    assert post.text == f"Rad ett\nrad två\n\nLäs mer ({site.url}mer)\n\nTider ({site.url}wp-content/uploads/tider.pdf)"
    assert (post.direction, post.thread_id, post.post_id) == (Direction.DRAWN_UP, post.native_id, post.native_id)
    assert (post.author.native_id, post.author.name) == ("user/1", "redaktion")
    assert [(file.name, file.alt) for file in post.attachments] == [
        ("bad.png", "Barn badar"), ("karta.png", "Karta"), ("tider.pdf", "Tider"),
    ]  # fmt: skip
    assert post.attachments[0].media_type == "image/png"
    assert post.published_at is not None
    assert abs(post.published_at - datetime.now(UTC)) < timedelta(minutes=5)
    assert (items[f"page/{page}"].kind, items[f"page/{page}"].text) == ("page", "Ring oss")


def test_strangers_comments_three_deep_are_one_thread(site: WordPressServer, post: int) -> None:
    first = site.anonymous_comment(post, "Åsa Ek", "När öppnar ni?\n\nMån <3")
    second = site.anonymous_comment(post, "Bo", "Bra fråga", parent=first)
    third = site.anonymous_comment(post, "Cia", "Undrar också", parent=second)
    other = site.anonymous_comment(post, "Dan", "Tack!")
    items = everything(connect(site))
    family = [items[f"comment/{number}"] for number in (first, second, third)]
    assert {item.thread_id for item in family} == {f"comment/{first}"}
    assert [item.parent_id for item in family] == [f"post/{post}", f"comment/{first}", f"comment/{second}"]
    assert {item.post_id for item in family} == {f"post/{post}"}
    assert items[f"comment/{other}"].thread_id == f"comment/{other}"
    assert {item.direction for item in family} == {Direction.RECEIVED}
    assert (family[0].text, family[0].author.name) == ("När öppnar ni?\n\nMån <3", "Åsa Ek")
    assert family[0].author.native_id != family[1].author.native_id
    assert "example.org" not in str(family[0].reading) + family[0].author.native_id


def test_a_reply_finds_its_thread_though_the_beginning_was_read_long_ago(site: WordPressServer, post: int) -> None:
    first = site.anonymous_comment(post, "Åsa", "Första")
    second = site.anonymous_comment(post, "Bo", "Andra", parent=first)
    site.insert_comments(post, "Fyll", [f"Utfyllnad {number}" for number in range(25)])
    cursor = cursor_of(connect(site))
    third = site.anonymous_comment(post, "Cia", "Tredje", parent=second)
    assert everything(connect(site), cursor)[f"comment/{third}"].thread_id == f"comment/{first}"


def test_users_who_write_for_the_site_are_us_and_readers_with_an_account_are_not(
    site: WordPressServer, post: int
) -> None:
    editor, reader = site.new_user("eva", "editor", "Eva Ek"), site.new_user("rut", "subscriber", "Rut")
    ours = site.insert_comment(post, "Eva Ek", "Svar från oss", user_id=editor)
    theirs = site.insert_comment(post, "Rut", "Fråga", user_id=reader)
    items = everything(connect(site))
    assert items[f"comment/{ours}"].direction is Direction.DRAWN_UP
    assert items[f"comment/{theirs}"].direction is Direction.RECEIVED
    assert items[f"comment/{theirs}"].remarks == ("site_user",)
    assert items[f"comment/{theirs}"].author.native_id == f"user/{reader}"


def test_held_comments_are_read_as_held_and_seen_again_when_approved(site: WordPressServer, post: int) -> None:
    site.moderate_strangers()
    held = site.anonymous_comment(post, "Åsa", "Väntar på granskning")
    connector = connect(site)
    assert everything(connector)[f"comment/{held}"].visibility is Visibility.HELD
    site.approve(held)
    assert one(connector, f"comment/{held}").visibility is Visibility.VISIBLE
    site.hold(held)
    assert one(connector, f"comment/{held}").visibility is Visibility.HELD
    site.spam(held)
    spam = one(connector, f"comment/{held}")
    assert (spam.visibility, spam.remarks) == (Visibility.HIDDEN, ("spam",))


def test_d40_without_a_password_a_comment_approved_late_is_found_though_it_lies_among_old_ones(
    site: WordPressServer, post: int
) -> None:
    site.moderate_strangers()
    held = site.anonymous_comment(post, "Åsa", "Godkänns sent")
    site.moderate_strangers(False)
    site.insert_comments(post, "Fyll", [f"Senare {number}" for number in range(30)])
    anybody = connect(site, password="")
    cursor = cursor_of(anybody)
    assert f"comment/{held}" not in everything(connect(site, password=""), cursor)
    site.approve(held)
    assert f"comment/{held}" in everything(connect(site, password=""), cursor)


# -- finding changes ------------------------------------------------------------


def known(item: Captured) -> Known:
    return Known(item.native_id, item.fingerprint)


def test_d40_an_edit_a_trashing_a_restoring_and_a_deletion_are_found_by_asking_again(
    site: WordPressServer, post: int
) -> None:
    numbers = [site.anonymous_comment(post, "Åsa", f"Ord {number}") for number in range(4)]
    edited, trashed, deleted, same = (f"comment/{number}" for number in numbers)
    connector = connect(site)
    held = everything(connector)
    site.edit_comment(numbers[0], "Andra ord")
    site.trash(numbers[1])
    site.delete(numbers[2])

    def ask() -> dict[str, tuple[Found, int]]:
        answers = connector.refetch([known(held[name]) for name in (edited, trashed, deleted, same)])
        return {one.native_id: (one.found, one.raw.status if one.raw else 0) for one in answers}

    assert ask() == {
        edited: (Found.CHANGED, 200), trashed: (Found.GONE, 200), deleted: (Found.GONE, 404), same: (Found.SAME, 200),
    }  # fmt: skip
    assert one(connector, edited).text == "Andra ord"
    binned = one(connector, trashed)
    assert (binned.visibility, binned.remarks) == (Visibility.GONE, ("trashed",))
    assert binned.fingerprint == held[trashed].fingerprint
    site.restore(numbers[1])
    assert ask()[trashed] == (Found.SAME, 200)
    assert one(connector, trashed).visibility is Visibility.VISIBLE


def test_d40_posts_that_are_edited_unpublished_binned_and_deleted_are_found(site: WordPressServer) -> None:
    numbers = [site.create_post(f"Rubrik {number}", "<p>Text</p>") for number in range(5)]
    edited, draft, binned, deleted, same = (f"post/{number}" for number in numbers)
    connector = connect(site)
    held = everything(connector)
    site.edit_post(numbers[0], post_title="Ny rubrik")
    site.edit_post(numbers[1], post_status="draft")
    site.trash_post(numbers[2])
    site.delete_post(numbers[3])
    found = {a.native_id: a for a in connector.refetch([known(held[f"post/{number}"]) for number in numbers])}
    assert {name: answer.found for name, answer in found.items()} == {
        edited: Found.CHANGED, draft: Found.SAME, binned: Found.GONE, deleted: Found.GONE, same: Found.SAME,
    }  # fmt: skip
    hidden = found[draft].item
    assert hidden is not None
    assert (hidden.visibility, hidden.remarks) == (Visibility.HIDDEN, ("unpublished",))
    assert everything(connector, cursor_of(connector))[edited].title == "Ny rubrik"


def test_what_we_may_not_see_any_more_is_hidden_and_not_gone(site: WordPressServer, post: int) -> None:
    number = site.anonymous_comment(post, "Åsa", "Hålls snart")
    anybody = connect(site, password="")
    held = everything(anybody)[f"comment/{number}"]
    site.hold(number)
    [answer] = anybody.refetch([known(held)])
    assert (answer.found, answer.item) == (Found.HIDDEN, None)
    site.delete(number)
    [answer] = anybody.refetch([known(held)])
    assert answer.found is Found.GONE


def test_comments_under_a_binned_post_are_gone_with_it_and_come_back_with_it(site: WordPressServer) -> None:
    own = site.create_post("Snart borta", "<p>Text</p>")
    number = site.anonymous_comment(own, "Åsa", "Hej")
    connector = connect(site)
    site.trash_post(own)
    assert one(connector, f"comment/{number}").visibility is Visibility.GONE
    site.php(f"wp_untrash_post({own});")
    assert one(connector, f"comment/{number}").visibility is Visibility.VISIBLE


# -- walking --------------------------------------------------------------------


@pytest.fixture(scope="module")
def long_site(site: WordPressServer) -> tuple[WordPressServer, int, list[int]]:
    """A history of 450 comments that share a second, as an import leaves them, and 130 posts."""
    own = site.create_post("Mycket sagt", "<p>Hej</p>")
    numbers = site.php(
        "global $wpdb; $ids = []; $then = '2020-01-01 10:00:00'; $utc = '2020-01-01 09:00:00';"
        "for ($i = 0; $i < 450; $i++) { $wpdb->insert($wpdb->comments, ['comment_author' => 'Åsa', 'comment_content' =>"
        f"'Nummer ' . $i, 'comment_approved' => 1, 'comment_post_ID' => {own}, 'comment_date' => $then,"
        "'comment_date_gmt' => $utc, 'comment_type' => 'comment']); $ids[] = $wpdb->insert_id; }"
        "for ($i = 0; $i < 130; $i++) { $wpdb->insert($wpdb->posts, ['post_author' => 1, 'post_title' => 'P' . $i,"
        "'post_content' => 'x', 'post_status' => 'publish', 'post_name' => 'p' . $i, 'post_date' => $then,"
        "'post_date_gmt' => $utc, 'post_modified' => $then, 'post_modified_gmt' => $utc, 'post_type' => 'post',"
        "'comment_status' => 'open', 'post_excerpt' => '', 'to_ping' => '', 'pinged' => '',"
        "'post_content_filtered' => '']); } return $ids;"
    )
    return site, own, list(numbers)


def test_d40_a_long_first_read_can_be_broken_off_after_any_batch(
    long_site: tuple[WordPressServer, int, list[int]],
) -> None:
    site, _, numbers = long_site
    whole = everything(connect(site))
    assert {f"comment/{number}" for number in numbers} <= set(whole)
    assert sum(item.kind == "post" for item in whole.values()) >= 131
    got: set[str] = set()
    cursor: dict[str, object] = {}
    for _ in range(40):
        batch = next(connect(site).pull(cursor), None)
        assert batch is not None
        got |= {item.native_id for item in batch.items}
        cursor = dict(batch.cursor)
        if got >= set(whole):
            break
    assert got >= set(whole)


def test_d40_comments_deleted_while_we_read_make_us_miss_no_other(
    long_site: tuple[WordPressServer, int, list[int]],
) -> None:
    site, own, numbers = long_site
    connector, got = connect(site), set()
    batches = connector.pull({})
    for batch in batches:
        got |= {item.native_id for item in batch.items}
        if f"comment/{numbers[60]}" in got:
            break
    site.php(f"foreach (json_decode('{numbers[:60]}') as $id) {{ wp_delete_comment($id, true); }}")
    rest = list(batches)
    for batch in rest:
        got |= {item.native_id for item in batch.items}
    assert got >= {f"comment/{number}" for number in numbers[60:]}
    new = site.insert_comment(own, "Bo", "Ny efter gallring")
    site.php(f"foreach (json_decode('{numbers[60:200]}') as $id) {{ wp_delete_comment($id, true); }}")
    more = [site.insert_comment(own, "Bo", f"Ännu en {number}") for number in range(3)]
    late = everything(connect(site), dict(rest[-1].cursor))
    assert {f"comment/{number}" for number in [new, *more]} <= set(late)


def test_d40_a_comment_imported_with_an_old_date_is_found(site: WordPressServer, post: int) -> None:
    cursor = cursor_of(connect(site))
    old = site.insert_comment(post, "Åsa", "Flyttad hit", comment_date="2009-01-02 03:04:05")
    assert f"comment/{old}" in everything(connect(site), cursor)


def test_d40_a_scheduled_post_is_found_when_its_time_comes_and_one_dated_2099_hides_nothing(
    site: WordPressServer,
) -> None:
    planned = site.create_post(
        "Planerad",
        "<p>x</p>",
        post_status="future",
        post_date="2098-01-01 10:00:00",
        post_date_gmt="2098-01-01 09:00:00",
    )
    ahead = site.create_post("Framtid", "<p>x</p>")
    site.php(
        "global $wpdb; $wpdb->update($wpdb->posts, ['post_modified' => '2099-01-01 10:00:00', 'post_modified_gmt' =>"
        f"'2099-01-01 09:00:00', 'post_date_gmt' => '2099-01-01 09:00:00'], ['ID' => {ahead}]);"
        f"clean_post_cache({ahead});"
        f"$wpdb->update($wpdb->posts, ['post_modified' => '2020-01-01 10:00:00'], ['ID' => {planned}]);"
    )
    items = everything(connect(site))
    assert f"post/{planned}" not in items
    assert "clock_ahead" in items[f"post/{ahead}"].remarks
    cursor = cursor_of(connect(site))
    site.php(
        f"global $wpdb; $wpdb->update($wpdb->posts, ['post_date' => current_time('mysql'), 'post_date_gmt' =>"
        f"current_time('mysql', true)], ['ID' => {planned}]); clean_post_cache({planned}); wp_publish_post({planned});"
        f"$wpdb->update($wpdb->posts, ['post_modified' => '2020-01-01 10:00:00'], ['ID' => {planned}]);"
    )
    later = site.create_post("Efter framtiden", "<p>x</p>")
    found = everything(connect(site), cursor)
    assert {f"post/{planned}", f"post/{later}"} <= set(found)


def test_answers_too_large_are_asked_for_in_smaller_bites(site: WordPressServer, post: int) -> None:
    numbers = site.insert_comments(post, "Åsa", [f"{number} " + "långt " * 2000 for number in range(30)])
    small = connect(site, max_bytes=200_000)
    assert {f"comment/{number}" for number in numbers} <= set(everything(small))
    answers = list(small.refetch([Known(f"comment/{number}") for number in numbers]))
    assert len(answers) == 30


def test_one_comment_too_large_to_take_stops_no_other(site: WordPressServer, post: int) -> None:
    huge = site.insert_comment(post, "Åsa", "x" * 60_000)
    after = site.insert_comment(post, "Bo", "Efteråt")
    items, bad = {}, []
    for batch in connect(site, max_bytes=100_000).pull({}):
        items |= {item.native_id: item for item in batch.items}
        bad += batch.bad
    assert f"comment/{after}" in items
    assert f"comment/{huge}" not in items
    assert [one.why for one in bad] == ["too_large"]
    site.delete(huge)


# -- answering ------------------------------------------------------------------

ANSWER = 'Badet öppnar kl. 10, <b>inte</b> 9 & "alltid" -- välkommen :)\n\nVänligen\nEva Ek, badchef'


def test_an_answer_is_published_under_the_comment_and_read_back(site: WordPressServer, post: int) -> None:
    number = site.anonymous_comment(post, "Åsa", "När öppnar ni?")
    sent = connect(site).reply(f"comment/{number}", ANSWER, "k1")
    assert sent.item is not None
    assert (sent.item.direction, sent.item.visibility) == (Direction.DRAWN_UP, Visibility.VISIBLE)
    assert (sent.item.parent_id, sent.item.thread_id) == (f"comment/{number}", f"comment/{number}")
    [stored] = [row for row in site.comments_on(post) if f"comment/{row['comment_ID']}" == sent.native_id]
    assert stored["user_id"] == "1"
    page = site.page_html(post)
    assert "&lt;b&gt;inte&lt;/b&gt;" in page
    assert "Eva Ek, badchef" in page
    assert sent.item.fingerprint == everything(connect(site))[sent.native_id].fingerprint


def test_an_answer_goes_straight_under_a_post_too(site: WordPressServer, post: int) -> None:
    sent = connect(site).reply(f"post/{post}", "En rättelse från oss", "k")
    assert sent.item is not None
    assert (sent.item.parent_id, sent.item.thread_id) == (f"post/{post}", sent.native_id)


def test_an_answer_that_the_site_holds_is_told(site: WordPressServer, post: int) -> None:
    number = site.anonymous_comment(post, "Åsa", "Hej")
    site.trouble("hold-all")
    sent = connect(site).reply(f"comment/{number}", "Granskas först", "k")
    assert sent.item is not None
    assert sent.item.visibility is Visibility.HELD


def test_the_same_answer_twice_is_refused_by_the_network_and_found(site: WordPressServer, post: int) -> None:
    number = site.anonymous_comment(post, "Åsa", "Hej")
    before = datetime.now(UTC)
    connector = connect(site)
    assert connector.find_sent(f"comment/{number}", ANSWER, "k", before) is None
    first = connector.reply(f"comment/{number}", ANSWER, "k")
    trouble = refusal(lambda: connector.reply(f"comment/{number}", ANSWER, "k"))
    assert (type(trouble), trouble.code) == (Permanent, "duplicate")
    found = connector.find_sent(f"comment/{number}", ANSWER, "k", before)
    assert found is not None
    assert found.native_id == first.native_id
    assert connector.find_sent(f"comment/{number}", ANSWER, "k", before + timedelta(hours=1)) is None
    assert connector.find_sent(f"comment/{number}", "Något annat", "k", before) is None
    assert connector.find_sent(f"post/{post}", ANSWER, "k", before) is None


@pytest.mark.parametrize("kind", ["silent-after-post", "error-after-post"])
def test_an_answer_whose_receipt_is_lost_is_unknown_and_found_by_looking(
    site: WordPressServer, post: int, kind: str
) -> None:
    number = site.anonymous_comment(post, "Åsa", "Hej")
    before = datetime.now(UTC)
    connector = connect(site)
    site.trouble(kind)
    trouble = refusal(lambda: connector.reply(f"comment/{number}", ANSWER, "k"))
    assert (type(trouble), trouble.code) == (Unknown, "unknown_outcome")
    site.trouble("")
    found: Sent | None = connector.find_sent(f"comment/{number}", ANSWER, "k", before)
    assert found is not None
    assert sum(row["comment_parent"] == str(number) for row in site.comments_on(post)) == 1


def test_an_answer_that_never_left_may_be_tried_again(site: WordPressServer, post: int) -> None:
    number = site.anonymous_comment(post, "Åsa", "Hej")
    site.stop_web()
    try:
        trouble = refusal(lambda: connect(site).reply(f"comment/{number}", ANSWER, "k"))
    finally:
        site.start_web()
    assert (type(trouble), trouble.code) == (Retry, "site_down")


def test_refusals_of_an_answer_are_told(site: WordPressServer) -> None:
    own = site.create_post("Stängd", "<p>x</p>")
    number = site.anonymous_comment(own, "Åsa", "Hej")
    trashed = site.anonymous_comment(own, "Bo", "Kastad")
    deleted = site.anonymous_comment(own, "Bo", "Raderad")
    site.trash(trashed)
    site.delete(deleted)
    connector = connect(site)
    for gone in (trashed, deleted):
        assert type(refusal(lambda gone=gone: connector.reply(f"comment/{gone}", "Hej", "k"))) is Gone
    site.close_comments(own)
    trouble = refusal(lambda: connector.reply(f"comment/{number}", "Hej", "k"))
    assert (type(trouble), trouble.code) == (Permanent, "rejected")
    assert trouble.facts["why"] == "rest_comment_closed"
    trouble = refusal(lambda: connect(site, password="").reply(f"comment/{number}", "Hej", "k"))
    assert trouble.code in ("rejected", "forbidden")
