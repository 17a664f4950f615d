"""Makes the vendored assets anew from unpacked npm packages, and lists version, licence and sha256 in VENDORED.md.

npm pack NAME@VERSION        # once per package in PACKAGES below, then unpack each into FOLDER/<last part of name>/
python scripts/vendor.py FOLDER
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
STATIC = ROOT / "src/uppsikt/web/static/uppsikt"
PACKAGES = {
    "designsystemet-css": "@digdir/designsystemet-css",
    "htmx.org": "htmx.org",
    "tinykeys": "tinykeys",
    "inter": "@fontsource-variable/inter",
    "bootstrap-icons": "bootstrap-icons",
}
# The components that our templates use, in the order of the package's own index. Named per file, so that pages carry
# a third of the whole style sheet.
COMPONENTS = """
    alert badge button dialog divider error-summary field fieldset heading input label link list paragraph search
    table tag validation-message
""".split()  # noqa: SIM905  # easier to read and to add to
BASE = ("base", "data-size-workaround")


def styles(folder: Path) -> str:
    """One style sheet of the components named above, in the cascade layers that the package itself uses."""
    source = folder / "dist/src"
    parts = ["@layer ds.theme, ds.base, ds.components;\n"]
    parts += [f"@layer ds.base{{{(source / f'{name}.css').read_text(encoding='utf-8')}}}\n" for name in BASE]
    for name in COMPONENTS:
        text = (source / f"{name}.css").read_text(encoding="utf-8")
        # Some files of the package bring their own layer, others get it from the package's index.
        parts.append(text + "\n" if text.lstrip().startswith("@layer") else f"@layer ds.components{{{text}}}\n")
    return "".join(parts)


def sprite(folder: Path) -> str:
    """One SVG with a <symbol> per icon listed in icons.txt. Raises FileNotFoundError for a name the package lacks."""
    symbols = []
    for name in (ROOT / "scripts/icons.txt").read_text(encoding="utf-8").split():
        svg = (folder / "icons" / f"{name}.svg").read_text(encoding="utf-8")
        box = re.search(r'viewBox="([^"]+)"', svg)
        inner = re.search(r"<svg[^>]*>(.*)</svg>", svg, re.DOTALL)
        if not box or not inner:
            raise ValueError(f"{name}.svg is not the kind of SVG this script knows.")
        body = re.sub(r"\s*\n\s*", "", inner[1])
        symbols.append(f'<symbol id="{name}" viewBox="{box[1]}">{body}</symbol>')
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"


def script(path: Path) -> str:
    """A minified script without the comment that points at its source map, which we do not ship."""
    return re.sub(r"//# sourceMappingURL=\S+\s*$", "", path.read_text(encoding="utf-8"))


def build(folder: Path) -> dict[str, tuple[str, bytes]]:
    """Each shipped file's name with the package it comes from and its bytes."""
    theme = re.sub(r"/\*.*?\*/", "", (folder / "designsystemet-css/dist/theme/designsystemet.css").read_text("utf-8"))
    files = {
        "vendor/designsystemet.css": ("designsystemet-css", styles(folder / "designsystemet-css").encode()),
        "vendor/designsystemet-theme.css": ("designsystemet-css", theme.encode()),
        "vendor/htmx.min.js": ("htmx.org", script(folder / "htmx.org/dist/htmx.min.js").encode()),
        "vendor/tinykeys.js": ("tinykeys", script(folder / "tinykeys/dist/tinykeys.umd.js").encode()),
        "icons.svg": ("bootstrap-icons", sprite(folder / "bootstrap-icons").encode()),
    }
    for part in ("latin", "latin-ext"):
        name = f"inter-{part}-wght-normal.woff2"
        files[f"fonts/{name}"] = ("inter", (folder / "inter/files" / name).read_bytes())
    for package in PACKAGES:
        licence = next(path for path in sorted((folder / package).iterdir()) if path.name.upper().startswith("LICEN"))
        files[f"vendor/LICENSE.{package}.txt"] = (package, licence.read_bytes())
    return files


def main(folder: Path) -> None:
    """Writes the files and VENDORED.md."""
    lines = [
        "# Vendored assets",
        "",
        "Made by `scripts/vendor.py` from the npm packages named here; a test checks the sums. Do not edit by hand.",
        "",
        "| file | package | version | licence | sha256 |",
        "|---|---|---|---|---|",
    ]
    for name, (package, content) in sorted(build(folder).items()):
        meta = json.loads((folder / package / "package.json").read_text(encoding="utf-8"))
        target = STATIC / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        digest = hashlib.sha256(content).hexdigest()
        lines.append(f"| {name} | {PACKAGES[package]} | {meta['version']} | {meta['license']} | `{digest}` |")
    (STATIC / "VENDORED.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
