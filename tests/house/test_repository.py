"""What is in the repository holds anywhere: no registry's host, no machine's path, a lock that agrees with itself."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# Put together here, so that this file does not name them either.
HOSTS = [".".join(parts) for parts in (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("deb", "debian"))]
PLACES = ["/".join(("", *parts, "")) for parts in (("work", "main"), ("work", "shared"), ("root",), ("opt", "wheels"))]


def tracked() -> list[Path]:
    """The files that git knows, or would take up."""
    done = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return [ROOT / name for name in done.stdout.splitlines() if (ROOT / name).is_file()]


def test_nothing_names_a_registry_or_a_machine() -> None:
    for file in tracked():
        words = file.read_bytes().decode("utf-8", "ignore")
        for name in HOSTS + PLACES:
            assert name not in words, f"{file.relative_to(ROOT)} names {name}"


def test_the_decisions_are_all_in_their_index() -> None:
    folder = ROOT / "docs" / "decisions"
    index = (folder / "README.md").read_text(encoding="utf-8")
    decisions = sorted(file.name for file in folder.glob("[0-9]*.md"))
    assert decisions
    assert re.findall(r"\((\d{4}-[a-z0-9-]+\.md)\)", index) == decisions


def packages(name: str) -> dict[str, str]:
    """A lock's packages and versions."""
    words = (ROOT / "requirements" / name).read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9.-]+)==([^ ;\\]+)", words, re.MULTILINE))


def test_the_tests_run_on_the_packages_that_are_shipped() -> None:
    run, test = packages("run.txt"), packages("test.txt")
    assert run
    assert run.items() <= test.items()


@pytest.mark.parametrize("name", ["run.txt", "test.txt"])
def test_every_locked_package_has_hashes(name: str) -> None:
    words = (ROOT / "requirements" / name).read_text(encoding="utf-8")
    for entry in re.split(r"^(?=[a-z0-9])", words, flags=re.MULTILINE):
        assert "==" not in entry or "--hash=sha256:" in entry, entry


def test_every_dependency_is_weighed() -> None:
    """Each package that we ask for stands in the decision on dependencies, with licence and reason."""
    table = (ROOT / "docs" / "decisions" / "0005-dependencies.md").read_text(encoding="utf-8").lower()
    for name in ("run.in", "test.in"):
        for line in (ROOT / "requirements" / name).read_text(encoding="utf-8").splitlines():
            if found := re.match(r"[a-z][a-z0-9_-]*", line):
                assert f"| `{found.group()}` |" in table, found.group()


def test_version_is_the_same_everywhere() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert f"softwareVersion: {version}" in (ROOT / "publiccode.yml").read_text(encoding="utf-8")
    assert f"## {version}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
