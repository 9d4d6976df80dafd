"""A permit cannot be made by anyone but decide, nor changed, nor carried elsewhere."""

import ast
import copy
import pickle
from pathlib import Path

import pytest

from patientoverblik import access
from patientoverblik.access import Actor, Evidence, OrganisationRef, Permit, Question, Relation, decide

CLINIC = OrganisationRef("1.2.208.176.1.1", "331")
AT = 1_800_000_000_000
ROOM = "patientoverblik.access"


def a_permit() -> Permit:
    nurse = Actor("professional", "nurse", organisation=CLINIC)
    answer = decide(Question(nurse, 7, "treatment", AT), Evidence(relations=(Relation("contact", CLINIC),)))
    assert isinstance(answer, Permit)
    return answer


def test_has_no_constructor():
    with pytest.raises(TypeError):
        Permit()
    with pytest.raises(TypeError):
        Permit(patient=7, scope=frozenset(access.ALL_PARTS))


def test_has_no_subclasses():
    with pytest.raises(TypeError):
        type("Wider", (Permit,), {})


@pytest.mark.parametrize("name", ["patient", "scope", "blocks", "valid_until", "anything"])
def test_does_not_change(name):
    permit = a_permit()
    with pytest.raises(AttributeError):
        setattr(permit, name, 8)
    with pytest.raises(AttributeError):
        delattr(permit, name)


@pytest.mark.parametrize("carry", [copy.copy, copy.deepcopy, pickle.dumps])
def test_is_not_copied_or_stored(carry):
    with pytest.raises(TypeError):
        carry(a_permit())


def test_only_decide_grants():
    """No module of the product but decide names the function that makes permits."""
    source = Path(access.__file__).parents[1]
    users = {path.relative_to(source).as_posix() for path in source.rglob("*.py") if _names_grant(path)}
    assert users == {"access/permit.py", "access/decide.py"}


def _names_grant(path: Path) -> bool:
    text = path.read_text(encoding="utf-8")
    if "permit" not in text:
        return False
    tree = ast.parse(text)
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    taken = {alias.name for node in imports if node.module == "patientoverblik.access.permit" for alias in node.names}
    whole = any("permit" in (alias.name for alias in node.names) and node.module == ROOM for node in imports)
    defined = path.as_posix().endswith("access/permit.py")
    return defined or whole or not taken.isdisjoint({"grant", "Terms", "*"})
