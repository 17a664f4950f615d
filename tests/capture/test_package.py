"""Evidence is closed so that anybody can see that nothing was changed, and when it was there (D43; must show 3, 7)."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import subprocess
import zipfile
from pathlib import Path

import pytest
from cryptography import x509

from capture import making, replaying
from kernel.authority import Authority as Server
from uppsikt.capture import package, signing, surts, verifying
from uppsikt.capture.package import PackFailed
from uppsikt.capture.signing import BadKey, Signer
from uppsikt.capture.stamping import Authority


def openssl(*words: str | Path) -> subprocess.CompletedProcess[str]:
    """The program that anybody has."""
    return subprocess.run(["openssl", *words], check=False, capture_output=True, text=True)


def test_the_manifest_names_every_file_with_its_digest(tmp_path: Path, key: Signer) -> None:
    folder = making.closed(tmp_path / "bevis", key)
    manifest = json.loads((folder / "manifest.json").read_bytes())
    listed = {one["path"]: one for one in manifest["files"]}
    # The loose WARC lies in the collection now, and nowhere else.
    assert set(listed) == {
        "answer.json", "dom.html", "page.wacz", "report.json", "screenshot-001.png", "screenshot-002.png", "text.txt",
    }  # fmt: skip
    assert not (folder / "page.warc.gz").exists()
    for name, one in listed.items():
        body = (folder / name).read_bytes()
        assert (one["sha256"], one["size"]) == (hashlib.sha256(body).hexdigest(), len(body))
    assert [listed[name]["what"] for name in ("page.wacz", "screenshot-001.png", "answer.json")] == [
        "page", "screenshot", "answer",
    ]  # fmt: skip
    assert (manifest["url"], manifest["state"], manifest["captured_at"]) == (making.PAGE, "whole", making.AT)
    assert manifest["facts"] == {"item": "wordpress:7"}
    assert manifest["tools"]["browser"] == "Chromium 140"
    assert manifest["signer"]["key_sha256"] == signing.fingerprint(key.certificate)


def test_the_signature_and_the_time_stamp_are_seen_to_be_right_by_openssl_alone(
    tmp_path: Path, key: Signer, authority: Authority, tsa: Server
) -> None:
    folder = making.closed(tmp_path / "bevis", key, authority)
    public = openssl("x509", "-in", folder / "signer.pem", "-noout", "-pubkey")
    (tmp_path / "public.pem").write_text(public.stdout)
    by_key = ("-sha256", "-verify", tmp_path / "public.pem", "-signature", folder / "manifest.sig")
    assert "Verified OK" in openssl("dgst", *by_key, folder / "manifest.json").stdout
    by_time = ("-in", folder / "manifest.tsr", "-CAfile", tsa.roots)
    assert openssl("ts", "-verify", "-data", folder / "manifest.sig", *by_time).returncode == 0
    # And both see what is not right.
    assert openssl("dgst", *by_key, folder / "text.txt").returncode != 0
    assert openssl("ts", "-verify", "-data", folder / "text.txt", *by_time).returncode != 0


@pytest.mark.parametrize("trouble", [("busy", "stamp_http_503"), ("babbles", "stamp_unreadable")])
def test_an_authority_that_is_down_leaves_evidence_that_waits_and_is_closed_by_asking_again(
    tmp_path: Path, key: Signer, authority: Authority, tsa: Server, trouble: tuple[str, str]
) -> None:
    tsa.mode, code = trouble
    folder = making.captured(tmp_path / "bevis")
    for _try in range(2):
        with pytest.raises(PackFailed) as failed:
            package.pack(folder, facts={}, signer=key, authority=authority, now=making.NOW)
        assert (failed.value.code, failed.value.retryable) == (code, True)
    signed = (folder / "manifest.sig").read_bytes()
    assert [fault.code for fault in verifying.check(folder)] == ["missing"]
    tsa.mode = "well"
    package.pack(folder, facts={}, signer=key, authority=authority, now=making.NOW)
    # What was signed is stamped: nothing is made anew, and nothing is asked for twice.
    assert (folder / "manifest.sig").read_bytes() == signed
    asked = len(tsa.asked)
    package.pack(folder, facts={}, signer=key, authority=authority, now=making.NOW)
    assert len(tsa.asked) == asked
    assert verifying.check(folder, trusted=authority.trusted) == []


def test_closing_that_was_cut_off_is_done_over(tmp_path: Path, key: Signer) -> None:
    folder = making.captured(tmp_path / "bevis")
    (folder / ".taken.json").write_text("{}")  # a note of whoever keeps it, and no part of it
    (folder / "page.wacz.part").write_bytes(b"half")
    (folder / "manifest.json").write_text("{}")
    package.pack(folder, facts={}, signer=key, authority=None, now=making.NOW)
    (folder / ".taken.json").unlink()
    assert verifying.check(folder) == []


def test_a_warc_that_cannot_be_read_is_said_and_kept(tmp_path: Path, key: Signer) -> None:
    folder = making.captured(tmp_path / "bevis")
    (folder / "page.warc.gz").write_bytes((folder / "page.warc.gz").read_bytes()[:-200])
    with pytest.raises(PackFailed) as failed:
        package.pack(folder, facts={}, signer=key, authority=None, now=making.NOW)
    assert (failed.value.code, failed.value.retryable) == ("unreadable", False)
    assert (folder / "page.warc.gz").exists() and not (folder / "manifest.json").exists()


def test_without_a_page_there_is_no_collection_and_the_manifest_says_so(tmp_path: Path, key: Signer) -> None:
    folder = tmp_path / "bevis"
    folder.mkdir()
    (folder / "answer.json").write_text("{}")
    (folder / "card.png").write_bytes(b"\x89PNG")
    facts = {"url": making.PAGE, "state": "card_only"}
    package.pack(folder, facts=facts, signer=key, authority=None, now=making.NOW)
    manifest = json.loads((folder / "manifest.json").read_bytes())
    assert manifest["state"] == "card_only"
    assert [one["what"] for one in manifest["files"]] == ["answer", "card"]
    assert verifying.check(folder) == []


def test_a_link_out_of_the_folder_is_not_packed(tmp_path: Path, key: Signer) -> None:
    folder = making.captured(tmp_path / "bevis")
    (folder / "card.png").symlink_to("/etc/hostname")
    with pytest.raises(PackFailed):
        package.pack(folder, facts={}, signer=key, authority=None, now=making.NOW)


def test_the_index_leads_to_every_answer_and_holds_what_was_posted(tmp_path: Path, key: Signer) -> None:
    folder = making.closed(tmp_path / "bevis", key)
    with zipfile.ZipFile(folder / "page.wacz") as archive:
        lines = gzip.decompress(archive.read("indexes/index.cdx.gz")).decode().splitlines()
        warc = archive.read("archive/page.warc.gz")
        assert archive.getinfo("archive/page.warc.gz").compress_type == zipfile.ZIP_STORED
        pages = [json.loads(line) for line in archive.read("pages/pages.jsonl").decode().splitlines()]
    assert lines == sorted(lines)
    keys = [line.split(" ")[0] for line in lines]
    assert keys == [
        "test,exempel)/api/kommentarer?__wb_method=post&nummer.2_=true&nummer.3_=null&nummer=1&post=7",
        "test,exempel)/k.js",
        "test,exempel)/nyheter?a=1&id=7",
        "test,exempel)/stil.css",
    ]
    for line in lines:
        facts = json.loads(line.split(" ", 2)[2])
        start, size = int(facts["offset"]), int(facts["length"])
        record = gzip.decompress(warc[start : start + size])  # a member of its own: neither more nor less
        assert f"WARC-Target-URI: {facts['url']}".encode() in record
    assert (pages[1]["url"], pages[1]["title"], pages[1]["text"]) == (making.PAGE, "Ny lekpark", making.TEXT)


def test_keys_are_those_that_players_make(tmp_path: Path) -> None:
    """Against the library that pywb itself makes them by."""
    urls = [
        "http://127.0.0.1:8000/A/b/", "https://www.Exempel.se/", "http://www2.exempel.se:80/a//b/../c/?B=2&a=1",
        "https://exempel.se/åäö?q=Å%20b+c", "https://user:pw@exempel.se/%7Euser/a%2Fb/", "https://räksmörgås.se/",
        "http://[::1]:8000/x", "https://exempel.se/x#frag", "https://exempel.se", "https://exempel.se:8443/x?&",
        "https://exempel.se/?x=%E5&y=%2B&z=a%26b", "https://exempel.se/?a=1&a=0&a=", "https://a.se/a%252Fb",
        "https://exempel.se/?sid=0123456789abcdef0123456789abcdef&k=1", "https://a.se/?q=100%", "HTTP://A.SE/X",
        "https://a.se/wp-json/wp/v2/comments?post=1&_fields[]=id", "https://a.se/?url=https://b.se/c?d=e",
        "urn:uuid:12", "https://exempel.se/(a)/'\"<>|^`{}[]\\",
    ]  # fmt: skip
    program = "import json, sys; from pywb.utils.canonicalize import canonicalize as c; "
    program += "print(json.dumps([c(u) for u in json.load(sys.stdin)]))"
    said = replaying.run([str(replaying.tools() / "python"), "-c", program], input=json.dumps(urls))
    assert [surts.key(url) for url in urls] == json.loads(said)


def test_the_format_s_own_validator_takes_it_and_sees_a_changed_byte(tmp_path: Path, key: Signer) -> None:
    folder = making.closed(tmp_path / "bevis", key)
    taken, said = replaying.valid(folder / "page.wacz")
    assert taken, said
    body = bytearray((folder / "page.wacz").read_bytes())
    with zipfile.ZipFile(folder / "page.wacz") as archive:
        place = archive.getinfo("archive/page.warc.gz").header_offset + 200
    body[place] ^= 1
    (tmp_path / "changed.wacz").write_bytes(body)
    assert not replaying.valid(tmp_path / "changed.wacz")[0]


def test_a_host_that_others_vouch_for_is_named_with_the_time_as_the_draft_says(
    tmp_path: Path, authority: Authority, tsa: Server
) -> None:
    """The draft's second form: domain, its certificate, and an authority's word for when the signature was there."""
    for words in (
        ("-x509", "-subj", "/CN=Utfardare", "-days", "30", "-keyout", "ca.key", "-out", "ca.pem"),
        ("-subj", "/CN=uppsikt.exempel.test", "-keyout", "ours.key", "-out", "ours.csr"),
    ):
        made = subprocess.run(
            ["openssl", "req", "-newkey", "rsa:2048", "-nodes", *words],
            cwd=tmp_path, check=False, capture_output=True,
        )  # fmt: skip
        assert made.returncode == 0, made.stderr
    (tmp_path / "san").write_text("subjectAltName=DNS:uppsikt.exempel.test\n")
    signing_words = ("-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "30", "-extfile", "san")
    subprocess.run(
        ["openssl", "x509", "-req", "-in", "ours.csr", *signing_words, "-out", "ours.pem"],
        cwd=tmp_path, check=True, capture_output=True,
    )  # fmt: skip
    key = Signer.read("".join((tmp_path / name).read_text() for name in ("ours.key", "ours.pem", "ca.pem")))
    folder = making.closed(tmp_path / "bevis", key, authority)
    with zipfile.ZipFile(folder / "page.wacz") as archive:
        signed = json.loads(archive.read("datapackage-digest.json"))["signedData"]
        created = json.loads(archive.read("datapackage.json"))["created"]
    assert set(signed) == {
        "hash", "created", "software", "version", "signature", "domain", "domainCert", "timeSignature", "timestampCert",
    }  # fmt: skip
    assert (signed["domain"], signed["created"]) == ("uppsikt.exempel.test", created)
    assert x509.load_pem_x509_certificates(signed["domainCert"].encode()) == list(key.chain)
    (tmp_path / "token").write_bytes(base64.b64decode(signed["timeSignature"]))
    (tmp_path / "signature").write_text(signed["signature"])
    looked = openssl("ts", "-verify", "-token_in", "-in", tmp_path / "token", "-data", tmp_path / "signature",
                     "-CAfile", tsa.roots)  # fmt: skip
    assert looked.returncode == 0, looked.stderr
    assert x509.load_pem_x509_certificates(signed["timestampCert"].encode())
    assert verifying.check(folder, trusted=authority.trusted) == []
    assert replaying.valid(folder / "page.wacz")[0]


def test_keys_that_cannot_be_used_are_said_in_words(key: Signer) -> None:
    other = signing.new("annan")
    start = other.index("-----BEGIN CERT")
    with pytest.raises(BadKey, match="no private key"):
        Signer.read(other[start:])
    with pytest.raises(BadKey, match="another key"):
        Signer.read(other[:start] + key.pem)
    with pytest.raises(BadKey, match="cannot be read"):
        Signer.read(other[:start])
