"""A real WordPress on loopback, installed and started for the tests, and ended with them.

MariaDB runs on a private socket in a folder of its own, PHP's own web server in a session
of its own. Nothing of the machine's is touched. Strangers act through the pages of the
site as visitors do (`anonymous_comment`); what staff do in WordPress goes through
WordPress's own functions (`php`).
"""

from __future__ import annotations

import atexit
import functools
import json
import os
import pwd
import re
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx
import pytest

PACKAGES = ("mariadb-server-core", "mariadb-client-core", "php-cli", "php-mysql")
UNPACKED = ("wordpress", "wordpress-theme-twentytwentythree")
PROGRAMS = ("mariadbd", "mariadb-install-db", "my_print_defaults", "php")
APT_LINE = f"apt-get install --no-install-recommends {' '.join(PACKAGES)}"
SYSTEM_COPY = Path("/usr/share/wordpress")
HERE = Path(__file__).parent / "wordpress"
ADMIN, ADMIN_PASSWORD = "redaktion", "redaktionens losenord"
ENVIRONMENT = {"PATH": f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin", "LC_ALL": "C.UTF-8", "HOME": "/nonexistent"}
PATIENCE = 60.0
# A log of the usual hundred megabytes takes longer to make than all the rest.
SMALL_LOG = "--innodb-log-file-size=8M"


class MissingError(Exception):
    """The machine lacks what a WordPress needs; the text says what to run."""


def require() -> None:
    """Skip the test where WordPress cannot run here, and fail it in CI, with the line that mends it."""
    try:
        for program in PROGRAMS:
            find_program(program)
        source()
    except MissingError as missing:
        if os.environ.get("CI") == "true":
            pytest.fail(str(missing))
        pytest.skip(str(missing))


def find_program(name: str) -> str:
    """The path of a program. Raises MissingError."""
    path = shutil.which(name, path=ENVIRONMENT["PATH"])
    if path is None:
        raise MissingError(f"{name} is missing; run: {APT_LINE}")
    return path


def source() -> Path:
    """WordPress's own files: the system's, or those of its packages, fetched by apt and unpacked in a cache.

    The packages are not installed, since that brings a web server that starts by itself.
    """
    if (SYSTEM_COPY / "wp-load.php").exists() and any((SYSTEM_COPY / "wp-content/themes").glob("twenty*")):
        return SYSTEM_COPY
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "uppsikt" / "wordpress"
    unpacked = cache / "usr/share/wordpress"
    if not (unpacked / "wp-load.php").exists():
        cache.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache.parent) as made:
            _fetch(Path(made))
            shutil.rmtree(cache, ignore_errors=True)
            (Path(made) / "out").rename(cache)
    return unpacked


def _fetch(folder: Path) -> None:
    try:
        subprocess.run(["apt-get", "download", *UNPACKED], cwd=folder, check=True, capture_output=True, timeout=300)
        for package in folder.glob("*.deb"):
            subprocess.run(["dpkg", "-x", str(package), str(folder / "out")], check=True, timeout=60)
    except (OSError, subprocess.SubprocessError) as error:
        raise MissingError(f"cannot fetch {' and '.join(UNPACKED)}; run: apt-get update && {APT_LINE}") from error


def free_port() -> int:
    """A loopback port that nobody listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def _as_user() -> list[str]:
    """MariaDB refuses to be root, and need not be."""
    return ["--user=nobody"] if os.geteuid() == 0 else []


@functools.cache
def blank_database() -> Path:
    """The data folder of a MariaDB in which nothing is yet: made once, copied for each site."""
    folder = Path(tempfile.mkdtemp(prefix="uppsikt-wp-", dir="/tmp"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    folder.chmod(0o755)
    data = folder / "db"
    data.mkdir()
    if as_user := _as_user():
        nobody = pwd.getpwnam("nobody")
        os.chown(data, nobody.pw_uid, nobody.pw_gid)
    command = [
        find_program("mariadb-install-db"), "--no-defaults", *as_user, f"--datadir={data}", "--skip-test-db",
        "--auth-root-authentication-method=normal", SMALL_LOG,
    ]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, env=ENVIRONMENT, timeout=120, cwd=folder)
    return data


def _linked(source: str, target: str) -> None:
    """WordPress's own files are thousands, and nobody writes in them: one more name for each is enough."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


class WordPressServer:
    """One site. Use it in a `with`; `url` is its address, `user` and `password` what a connector needs.

    `folder` of the address: WordPress lives in a subdirectory of the site when given ("/blogg").
    """

    def __init__(self, *, folder: str = "", title: str = "Almby kommuns blogg") -> None:
        self.folder, self.title = folder.rstrip("/"), title
        self.port = free_port()
        self.root = Path(tempfile.mkdtemp(prefix="uppsikt-wp-", dir="/tmp"))  # short: sockets have little room
        self.user = ADMIN
        self.password = ""
        self._database: subprocess.Popen[bytes] | None = None
        self._web: subprocess.Popen[bytes] | None = None

    @property
    def host(self) -> str:
        """`host:port`, as an allow-list of private servers wants it."""
        return f"127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        """The site's address, with a slash at its end."""
        return f"http://{self.host}{self.folder}/"

    # -- starting and ending --------------------------------------------------

    def __enter__(self) -> Self:
        try:
            self._lay_out()
            self._start_database()
            self.start_web()
            self.php(
                "require_once ABSPATH . 'wp-admin/includes/upgrade.php';"
                f"wp_install({_php(self.title)}, {_php(ADMIN)}, 'red@almby.example', true, '', {_php(ADMIN_PASSWORD)});"
                "update_option('comment_moderation', '0'); update_option('comment_previously_approved', '0');"
                "global $wp_rewrite; $wp_rewrite->set_permalink_structure('/%year%/%postname%/');"
                "update_option('thread_comments_depth', 10);"
                "update_option('timezone_string', 'Europe/Stockholm');"
                "update_option('blogdescription', 'Från kommunen');"
                "flush_rewrite_rules();",
                installing=True,
            )
            self.password = self.new_password()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _lay_out(self) -> None:
        self.root.chmod(0o755)
        self.site = self.root / "www" / self.folder.strip("/")
        shutil.copytree(
            source(),
            self.site,
            symlinks=False,
            ignore_dangling_symlinks=True,
            ignore=shutil.ignore_patterns("wp-config.php"),
            copy_function=_linked,
        )
        for name in ("wp-config.php", "run.php"):
            shutil.copy(HERE / name, self.site / name)
        shutil.copy(HERE / "router.php", self.root / "router.php")
        shutil.copytree(HERE / "mu-plugins", self.site / "wp-content/mu-plugins")

    def _start_database(self) -> None:
        data, as_user = self.root / "db", _as_user()
        shutil.copytree(blank_database(), data)
        if as_user:
            nobody = pwd.getpwnam("nobody")
            for path in (data, *data.rglob("*")):
                os.chown(path, nobody.pw_uid, nobody.pw_gid)
        bootstrap = data / "init.sql"
        bootstrap.write_text("CREATE DATABASE wordpress CHARACTER SET utf8mb4;\n")
        bootstrap.chmod(0o644)
        self._database = self._spawn(
            [
                find_program("mariadbd"), "--no-defaults", *as_user, f"--datadir={data}",
                f"--socket={data}/sock",
                "--skip-networking", f"--init-file={bootstrap}", "--innodb-flush-log-at-trx-commit=0",
                "--innodb-buffer-pool-size=32M", SMALL_LOG, "--performance-schema=OFF", f"--pid-file={data}/pid",
            ],
            "database.log",
        )  # fmt: skip
        self._until((data / "sock").exists, "the database")

    def start_web(self) -> None:
        """Start PHP's web server (again)."""
        self._web = self._spawn(
            [
                find_program("php"), "-d", "display_errors=0", "-d", "post_max_size=64M", "-d", "memory_limit=512M",
                "-S", self.host, "-t", str(self.root / "www"), str(self.root / "router.php"),
            ],
            "web.log",
        )  # fmt: skip

        def listening() -> bool:
            with socket.socket() as probe:
                return probe.connect_ex(("127.0.0.1", self.port)) == 0

        self._until(listening, "the web server")

    def stop_web(self) -> None:
        """The site is down: its web server ends, the data stays."""
        _end_group(self._web, signal.SIGTERM)
        self._web = None

    def close(self) -> None:
        """End everything that was started and remove its files."""
        self.stop_web()
        _end_group(self._database, signal.SIGTERM)
        self._database = None
        shutil.rmtree(self.root, ignore_errors=True)

    def _environment(self) -> dict[str, str]:
        return ENVIRONMENT | {
            "PHP_CLI_SERVER_WORKERS": "4",
            "WP_ENVIRONMENT_TYPE": "local",  # application passwords over http
            "UPPSIKT_WP_SOCKET": str(self.root / "db/sock"),
            "UPPSIKT_WP_URL": self.url.rstrip("/"),
            "UPPSIKT_WP_ROOT": str(self.root),
        }

    def _run(self, command: list[str], *, given: bytes | None = None) -> bytes:
        done = subprocess.run(
            command, input=given, capture_output=True, env=self._environment(), timeout=120, check=False, cwd=self.root
        )
        if done.returncode:
            raise RuntimeError(f"{command[0]} failed: {(done.stderr + done.stdout)[-2000:].decode(errors='replace')}")
        return done.stdout

    def _spawn(self, command: list[str], log: str) -> subprocess.Popen[bytes]:
        with (self.root / log).open("ab") as written:
            return subprocess.Popen(
                command, stdout=written, stderr=written, stdin=subprocess.DEVNULL, env=self._environment(),
                start_new_session=True, cwd=self.root,
            )  # fmt: skip

    def _until(self, ready: Any, what: str) -> None:
        end = time.monotonic() + PATIENCE
        while not ready():
            if time.monotonic() > end:
                logs = "\n".join(path.read_text(errors="replace")[-1500:] for path in self.root.glob("*.log"))
                raise RuntimeError(f"{what} did not start\n{logs}")
            time.sleep(0.02)

    # -- what staff do in WordPress -------------------------------------------

    def php(self, code: str, *, installing: bool = False) -> Any:
        """Run PHP inside WordPress; what it returns comes back through JSON."""
        written = self.root / f"{secrets.token_hex(6)}.php"
        written.write_text(f"<?php {code}")
        try:
            command = [find_program("php"), "-d", "memory_limit=512M", str(self.site / "run.php"), str(written)]
            out = self._run([*command, "install"] if installing else command)
        finally:
            written.unlink()
        return json.loads(out.rpartition(b"\x1e")[2] or b"null")

    def new_user(self, login: str, role: str, name: str = "") -> int:
        """Make a user; returns its number."""
        return int(
            self.php(
                f"return wp_insert_user(['user_login' => {_php(login)}, 'user_pass' => 'x' . wp_generate_password(20),"
                f"'user_email' => {_php(login + '@almby.example')}, 'role' => {_php(role)},"
                f"'display_name' => {_php(name or login)}]);"
            )
        )

    def new_password(self, login: str = ADMIN, name: str = "Uppsikt") -> str:
        """Make an application password and return it as WordPress shows it."""
        return str(
            self.php(
                f"$u = get_user_by('login', {_php(login)});"
                f"[$p] = WP_Application_Passwords::create_new_application_password($u->ID, ['name' => {_php(name)}]);"
                "return WP_Application_Passwords::chunk_password($p);"
            )
        )

    def revoke_password(self, login: str = ADMIN) -> None:
        """Revoke all application passwords of a user."""
        self.php(
            f"$u = get_user_by('login', {_php(login)});"
            "WP_Application_Passwords::delete_all_application_passwords($u->ID);"
        )

    def create_post(self, title: str, content: str, **fields: str | int) -> int:
        """Publish a post (or `post_type="page"`); returns its number. `fields` as wp_insert_post takes them."""
        post = {"post_title": title, "post_content": content, "post_status": "publish", "post_author": 1} | fields
        return int(self.php(f"return wp_insert_post(wp_slash(json_decode({_php(json.dumps(post))}, true)), true);"))

    def edit_post(self, number: int, **fields: str | int) -> None:
        """Change a post, as the editor of WordPress does."""
        post = {"ID": number} | fields
        self.php(f"wp_update_post(wp_slash(json_decode({_php(json.dumps(post))}, true)));")

    def trash_post(self, number: int) -> None:
        """Put a post in the bin."""
        self.php(f"wp_trash_post({number});")

    def delete_post(self, number: int) -> None:
        """Delete a post for good."""
        self.php(f"wp_delete_post({number}, true);")

    def insert_comment(self, post: int, name: str, text: str, **fields: str | int) -> int:
        """Put a comment straight into the database, as an import does; returns its number."""
        comment = {"comment_post_ID": post, "comment_author": name, "comment_content": text, "comment_approved": 1}
        return int(
            self.php(f"return wp_insert_comment(wp_slash(json_decode({_php(json.dumps(comment | fields))}, true)));")
        )

    def insert_comments(self, post: int, name: str, texts: list[str]) -> list[int]:
        """Put many comments into the database at once; returns their numbers."""
        return list(
            self.php(
                f"return array_map(fn($text) => wp_insert_comment(wp_slash(['comment_post_ID' => {post},"
                f"'comment_author' => {_php(name)}, 'comment_content' => $text, 'comment_approved' => 1])),"
                f"json_decode({_php(json.dumps(texts))}, true));"
            )
        )

    def edit_comment(self, number: int, text: str) -> None:
        """Change a comment's words."""
        self.php(f"wp_update_comment(['comment_ID' => {number}, 'comment_content' => {_php(text)}]);")

    def _status(self, number: int, status: str) -> None:
        self.php(f"wp_set_comment_status({number}, {_php(status)});")

    def hold(self, number: int) -> None:
        """Hold a comment for review."""
        self._status(number, "hold")

    def approve(self, number: int) -> None:
        """Approve a comment."""
        self._status(number, "approve")

    def spam(self, number: int) -> None:
        """Mark a comment as spam."""
        self.php(f"wp_spam_comment({number});")

    def trash(self, number: int) -> None:
        """Put a comment in the bin."""
        self.php(f"wp_trash_comment({number});")

    def restore(self, number: int) -> None:
        """Take a comment out of the bin."""
        self.php(f"wp_untrash_comment({number});")

    def delete(self, number: int) -> None:
        """Delete a comment for good."""
        self.php(f"wp_delete_comment({number}, true);")

    def moderate_strangers(self, on: bool = True) -> None:
        """Whether a stranger's comment is held until approved."""
        self.php(f"update_option('comment_moderation', '{int(on)}');")

    def close_comments(self, post: int) -> None:
        """Let nobody comment on a post any more."""
        self.edit_post(post, comment_status="closed")

    def trouble(self, kind: str) -> None:
        """Make the site misbehave until `trouble("")`: see mu-plugins/trouble.php for the kinds."""
        (self.root / "trouble").write_text(kind)

    # -- what strangers do on the site ----------------------------------------

    def anonymous_comment(self, post: int, name: str, text: str, *, parent: int = 0, email: str = "") -> int:
        """Comment as a stranger through the site's own form; returns the comment's number."""
        email = email or f"{re.sub('[^a-z]', '', name.lower()) or 'x'}@example.org"
        form = {
            "comment_post_ID": str(post), "comment_parent": str(parent), "author": name, "email": email,
            "comment": text, "url": "",
        }  # fmt: skip
        answer = httpx.post(self.url + "wp-comments-post.php", data=form, timeout=30, trust_env=False)
        if answer.status_code != 302:
            raise RuntimeError(f"the comment was refused: {answer.status_code} {answer.text[:500]}")
        return int(
            self.php(
                "return (int) get_comments(['fields' => 'ids', 'status' => 'any', 'orderby' => 'comment_ID',"
                f"'number' => 1, 'post_id' => {post}])[0];"
            )
        )

    def page_address(self, post: int) -> str:
        """The address of a post's page."""
        return str(self.php(f"return get_permalink({post});"))

    def page_html(self, post: int) -> str:
        """A post's page as a visitor gets it."""
        answer = httpx.get(self.page_address(post), timeout=30, trust_env=False, follow_redirects=True)
        answer.raise_for_status()
        return answer.text

    def comments_on(self, post: int) -> list[dict[str, Any]]:
        """All comments on a post as the database holds them, oldest first: number, text, author, parent, status."""
        rows = self.php(
            f"return array_map(fn($c) => (array) $c, get_comments(['post_id' => {post}, 'status' => 'any', 'orderby' =>"
            "'comment_ID', 'order' => 'ASC']));"
        )
        return list(rows)


def _php(value: str) -> str:
    """A PHP string literal."""
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _end_group(process: subprocess.Popen[bytes] | None, how: signal.Signals) -> None:
    """End a process and all that it started: PHP's workers outlive their parent."""
    if process is None:
        return
    for sign in (how, signal.SIGKILL):
        try:
            os.killpg(process.pid, sign)
        except ProcessLookupError:
            break
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            continue
        if sign is signal.SIGKILL:
            break
