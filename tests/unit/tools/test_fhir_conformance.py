"""The recipe that lets HL7's validator judge what the FHIR door emits: what it says where it cannot, and what fails."""

from collections import Counter

from tools.conformance.fhir import __main__ as recipe
from tools.conformance.fhir import compared

IHE = "Profile reference 'https://profiles.ihe.net/x' has not been checked"

AGREED = compared.Compared(2, 1, 1, Counter(), ())


def told(*errors: str) -> recipe.Judgement:
    lines = ["judged\tGoal-1.json\t1\t0", *(f"error\tGoal-1.json\tGoal.status\t{text}" for text in errors), "x"]
    return recipe.understood(lines)


def test_without_java_and_maven_one_line_says_so(monkeypatch, capsys) -> None:
    monkeypatch.setattr(recipe.shutil, "which", lambda _: None)
    assert recipe.main(()) == 0
    assert capsys.readouterr().out.startswith("conformance: javac and mvn not found; ")


def test_an_error_without_a_reason_is_told_and_fails(monkeypatch, capsys) -> None:
    answers = ("fetch", True), ("build", ""), ("against", AGREED), ("judge", told(IHE, "The status is wrong"))
    for name, answer in answers:
        monkeypatch.setattr(recipe, name, lambda *_, answer=answer: answer)
    monkeypatch.setattr(recipe.shutil, "which", lambda name: name)
    monkeypatch.setattr(recipe, "DEFINITIONS", recipe.HERE)
    assert recipe.main(()) == 1
    assert "| Goal | 1 | 1 |" in (said := capsys.readouterr().out)
    assert "Goal Goal.status: The status is wrong" in said
    monkeypatch.setattr(recipe, "judge", lambda _: told(IHE))
    assert recipe.main(()) == 0
    assert "| Goal | 1 | 0 |" in capsys.readouterr().out


def test_a_verdict_that_differs_without_a_reason_is_told_and_fails(monkeypatch, capsys) -> None:
    differing = AGREED._replace(unexplained=("example-x: only here: r4.invalid",))
    for name, answer in (("fetch", True), ("build", ""), ("against", differing), ("judge", told(IHE))):
        monkeypatch.setattr(recipe, name, lambda *_, answer=answer: answer)
    monkeypatch.setattr(recipe.shutil, "which", lambda name: name)
    monkeypatch.setattr(recipe, "DEFINITIONS", recipe.HERE)
    assert recipe.main(()) == 1
    assert "example-x: only here: r4.invalid" in capsys.readouterr().out


def test_a_difference_has_a_reason_only_where_every_error_has_one() -> None:
    known, strange = ("r4.wrong-target",), ("r4.wrong-target", "r4.invalid")
    both = compared._compared({"a": (known, ()), "b": (strange, ()), "c": (known, ("x",)), "d": ((), ())})
    assert (both.judged, both.wrong, both.fine, sum(both.reasons.values())) == (4, 1, 1, 1)
    assert both.unexplained == ("b: only here: r4.wrong-target · r4.invalid",)
