"""``migrate`` and ``copy`` as they are called, and the same commands on PostgreSQL as on a file."""

from tests.doors.cli.program import about_nancy, call
from tests.postgres import Server


def on(address: str) -> dict[str, str]:
    """The setting of a database that is no file."""
    return {"PATIENTOVERBLIK_DATABASE": address, "PATIENTOVERBLIK_DEMO": "true"}


def test_a_database_is_made_filled_and_looked_into_on_a_server(postgres_server: Server, demo):
    address = postgres_server.new_database("template1")
    refused = call("demo", "--load-only", **on(address))
    assert (refused.code, refused.err.split(":")[0]) == (2, "storage.older-schema")
    planned = call("migrate", "--dry-run", "--json", **on(address)).json
    assert planned["from"] == 0
    assert planned["taken"] is False
    assert call("migrate", **on(address)).code == 0
    assert call("migrate", "--json", **on(address)).json["steps"] == []
    copied = call("copy", "--from", f"sqlite:///{demo}", "--to", address, "--json")
    assert copied.code == 0
    assert copied.json["whole"] is True
    assert copied.json["documents"] > 10
    assert (
        call("find", "--json", stdin="2512489996\n", **on(address)).json
        == about_nancy("find", "--json", database=demo).json
    )
    shown = call("show", "--json", stdin="2512489996\n", **on(address)).json
    assert {**shown, "at": 0} == {**about_nancy("show", "--json", database=demo).json, "at": 0}
    key = demo.with_name(f"{demo.name}.trail-key.pem")
    assert call("trail", "verify", **on(address), PATIENTOVERBLIK_TRAIL_KEY=str(key)).code == 0
    assert "schema version" in call("doctor", **on(address)).out
    postgres_server.drop(address)


def test_a_copy_into_what_is_not_empty_or_from_what_is_not_there_is_refused(demo, tmp_path):
    again = call("copy", "--from", f"sqlite:///{demo}", "--to", f"sqlite:///{demo}")
    assert (again.code, again.err.split(":")[0]) == (2, "storage.not-empty")
    absent = call("copy", "--from", f"sqlite:///{tmp_path / 'none.db'}", "--to", f"sqlite:///{tmp_path / 'two.db'}")
    assert (absent.code, absent.err.split(":")[0]) == (2, "storage.older-schema")
    assert call("copy", "--from", "memory:", "--to", "memory:").code == 2


def test_a_server_that_does_not_answer_is_told_by_a_code_and_never_by_its_address(tmp_path):
    address = f"postgresql://somebody:secret@/none?host={tmp_path}"
    for words in (("migrate",), ("trail", "verify"), ("copy", "--from", address, "--to", address)):
        away = call(*words, **on(address))
        assert away.code == 2
        assert away.err.startswith("storage.away:")
        assert "secret" not in away.err + away.out
    assert "does not answer" in call("doctor", **on(address)).out


def test_a_file_is_brought_forward_by_migrate(tmp_path):
    path = tmp_path / "new.sqlite3"
    planned = call("migrate", "--dry-run", "--json", database=path).json
    assert planned["from"] == 0
    assert not path.exists()
    assert call("migrate", database=path).code == 0
    assert call("migrate", "--json", database=path).json == {
        "from": planned["to"],
        "to": planned["to"],
        "steps": [],
        "taken": True,
    }
