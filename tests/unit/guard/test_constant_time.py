"""Secrets are compared in a time that tells nothing: every comparison in the doors and in identity is walked."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import PROJECT

SOURCE = PROJECT / "src" / "patientoverblik"
ROOMS = ("edges", "app", "connectors")
SECRET = (
    "secret",
    "token",
    "csrf",
    "signature",
    "digest",
    "nonce",
    "state",
    "verifier",
    "thumbprint",
    "password",
    "mac",
    "challenge",
    "cookie",
)
NAMED = ("password", "apikey")
# What is no secret where it is compared, and why.
NO_SECRET = {
    ("edges/identity/authorisation/apps.py", "HEX_DIGEST"): "how long a hash is",
    ("edges/soap/health.py", "state"): "how a transaction is doing",
}


def told_apart(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """(line, name) of everything named as a secret that is compared by ``==`` or ``!=`` with anything but a constant."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Compare) or not any(isinstance(each, ast.Eq | ast.NotEq) for each in node.ops):
            continue
        sides = [node.left, *node.comparators]
        if any(isinstance(side, ast.Constant) for side in sides):
            continue
        yield from ((node.lineno, name) for side in sides if (name := named(side)))


def named(side: ast.expr) -> str:
    """The last name of an expression, where it is that of a secret."""
    name = side.id if isinstance(side, ast.Name) else side.attr if isinstance(side, ast.Attribute) else ""
    if isinstance(side, ast.Subscript) and isinstance(side.slice, ast.Constant):
        name = str(side.slice.value)
    if isinstance(side, ast.Call):
        name = next((str(each.value) for each in side.args if isinstance(each, ast.Constant)), "") or named(side.func)
    return name if name.lower().rpartition("_")[2] in SECRET else ""


def files() -> list[Path]:
    return [path for room in ROOMS for path in sorted((SOURCE / room).rglob("*.py"))]


def test_no_secret_is_compared_by_equality():
    found = {
        (str(path.relative_to(SOURCE)), name): line
        for path in files()
        for line, name in told_apart(ast.parse(path.read_text(encoding="utf-8")))
    }
    assert {where: line for where, line in found.items() if where not in NO_SECRET} == {}


@pytest.mark.parametrize(
    ("file", "function"),
    [
        ("edges/portal/sessions.py", "same"),
        ("edges/identity/certificate.py", "confirms"),
        ("edges/identity/web/login.py", "finish"),
    ],
)
def test_what_compares_secrets_takes_a_time_that_tells_nothing(file, function):
    tree = ast.parse((SOURCE / file).read_text(encoding="utf-8"))
    found = next(each for each in ast.walk(tree) if getattr(each, "name", "") == function)
    assert "compare_digest" in {each.attr for each in ast.walk(found) if isinstance(each, ast.Attribute)}


def test_the_walk_sees_what_it_should():
    seen = "if given.secret == kept.secret or form['csrf'] != session.csrf or request.get('state') == x: pass"
    assert {name for _, name in told_apart(ast.parse(seen))} == {"secret", "csrf", "state"}
    assert len(files()) > 100


def test_no_secret_stands_in_the_program():
    """No text of the program's own looks like a key, a token or a password that was given a name."""
    for path in sorted(SOURCE.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        assert "PRIVATE KEY-----" not in text, path
        if not any(word in text.lower() for word in NAMED):
            continue
        for node in ast.walk(ast.parse(text)):
            if (
                isinstance(node, ast.Assign)
                and isinstance(node.value, ast.Constant)
                and isinstance(node.value.value, str)
            ):
                names = [each.id.lower() for each in node.targets if isinstance(each, ast.Name)]
                assert not any(name.rpartition("_")[2] in NAMED for name in names), path
