"""The recipe that lets another's client drive the door: what it says where it cannot, and the table of the manual."""

from tools.conformance import __main__ as recipe


def test_without_java_and_maven_one_line_says_so(monkeypatch, capsys) -> None:
    monkeypatch.setattr(recipe.shutil, "which", lambda _: None)
    assert recipe.main(()) == 0
    assert capsys.readouterr().out == "conformance: javac and mvn not found; nothing was asked\n"


def test_an_answer_that_is_not_the_expected_one_is_told_and_fails(monkeypatch, capsys) -> None:
    came = [("ITI-41", "submit", "FAILURE")]
    for name, answer in (("fetch", True), ("build", ""), ("expected", [("ITI-41", "submit", "SUCCESS")])):
        monkeypatch.setattr(recipe, name, lambda answer=answer: answer)
    monkeypatch.setattr(recipe.shutil, "which", lambda name: name)
    monkeypatch.setattr(recipe, "ask", lambda _: came)
    assert recipe.main(()) == 1
    assert "| ITI-41 | submit | FAILURE | NO |" in capsys.readouterr().out
    monkeypatch.setattr(recipe, "expected", lambda: came)
    assert recipe.main(()) == 0


def test_the_manual_has_the_table_as_expected() -> None:
    steps = recipe.expected()
    kept = recipe.MANUAL.read_text(encoding="utf-8").split(recipe.MARKS[0])[1].split(recipe.MARKS[1])[0]
    assert kept.strip() == recipe.written(steps, steps)
