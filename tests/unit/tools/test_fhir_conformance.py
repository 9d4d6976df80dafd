"""The recipe that lets HL7's validator judge what the FHIR door emits: what it says where it cannot, and what fails."""

from tools.conformance.fhir import __main__ as recipe

IHE = "Profile reference 'https://profiles.ihe.net/x' has not been checked"


def told(*errors: str) -> recipe.Judgement:
    lines = ["judged\tGoal-1.json\t1\t0", *(f"error\tGoal-1.json\tGoal.status\t{text}" for text in errors), "x"]
    return recipe.understood(lines)


def test_without_java_and_maven_one_line_says_so(monkeypatch, capsys) -> None:
    monkeypatch.setattr(recipe.shutil, "which", lambda _: None)
    assert recipe.main(()) == 0
    assert capsys.readouterr().out.startswith("conformance: javac and mvn not found; ")


def test_an_error_without_a_reason_is_told_and_fails(monkeypatch, capsys) -> None:
    for name, answer in (("fetch", True), ("build", ""), ("judge", told(IHE, "The status is wrong"))):
        monkeypatch.setattr(recipe, name, lambda *_, answer=answer: answer)
    monkeypatch.setattr(recipe.shutil, "which", lambda name: name)
    monkeypatch.setattr(recipe, "DEFINITIONS", recipe.HERE)
    assert recipe.main(()) == 1
    assert "| Goal | 1 | 1 |" in (said := capsys.readouterr().out)
    assert "Goal Goal.status: The status is wrong" in said
    monkeypatch.setattr(recipe, "judge", lambda _: told(IHE))
    assert recipe.main(()) == 0
    assert "| Goal | 1 | 0 |" in capsys.readouterr().out
