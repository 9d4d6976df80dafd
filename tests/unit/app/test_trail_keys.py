"""The keys of the trail: made once and for their owner alone; anything else is a fault with a code."""

import stat

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from patientoverblik.app.keys import make_signing_key, public_pem, read_public_keys, read_signing_key
from patientoverblik.app.trail import remembered
from patientoverblik.problems import Fault


def test_a_key_is_made_once_for_its_owner_alone_and_read_again(tmp_path):
    path = tmp_path / "key.pem"
    made = make_signing_key(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert make_signing_key(path).id == read_signing_key(path).id == made.id
    assert read_public_keys(None, made).signed(made.id, b"data", read_signing_key(path).sign(b"data"))


def test_a_key_that_others_can_read_or_of_another_kind_is_refused(tmp_path):
    path = tmp_path / "key.pem"
    make_signing_key(path)
    path.chmod(0o640)
    other = tmp_path / "other.pem"
    pem = generate_private_key(SECP256R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    other.write_bytes(pem)
    other.chmod(0o600)
    empty = tmp_path / "empty.pem"
    empty.touch(0o600)
    for wrong in (path, other, empty, tmp_path / "nothing"):
        with pytest.raises(Fault) as fault:
            read_signing_key(wrong)
        assert fault.value.code == "trail.bad-key"


def test_keys_of_earlier_years_are_known_by_their_id(tmp_path):
    old, new = make_signing_key(tmp_path / "old"), make_signing_key(tmp_path / "new")
    (tmp_path / "2025.pem").write_text(public_pem(old))
    keys = read_public_keys(tmp_path, new)
    assert keys.signed(old.id, b"data", old.sign(b"data"))
    assert keys.signed(new.id, b"data", new.sign(b"data"))
    assert not keys.signed(new.id, b"data", old.sign(b"data"))
    assert not keys.signed("unknown", b"data", old.sign(b"data"))
    (tmp_path / "bad.pem").write_text("no key")
    with pytest.raises(Fault, match="bad-key"):
        read_public_keys(tmp_path, new)


def test_a_witness_without_a_file_remembers_nothing_and_a_broken_one_is_a_fault(tmp_path):
    assert remembered(tmp_path / "nothing") == ()
    (tmp_path / "broken").write_text("one two three\n")
    with pytest.raises(Fault, match="bad-witness"):
        remembered(tmp_path / "broken")
