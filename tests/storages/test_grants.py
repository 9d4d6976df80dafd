"""What citizens have allowed apps, in every storage alike."""

A, B = "aa" * 32, "bb" * 32


def test_a_grant_is_found_by_its_id_its_patient_and_its_giver(storage):
    storage.act(lambda held: held.put_grant("g1", 1, 2, b"one")).result()
    storage.act(lambda held: held.put_grant("g2", 1, 1, b"two")).result()
    reader = storage.reader()
    assert (reader.grant("g1"), reader.grant("g2"), reader.grant("g3")) == (b"one", b"two", None)
    assert sorted(reader.grants_of(1)) == [b"one", b"two"]
    assert reader.grants_of(2) == ()
    assert (reader.grants_by(2), reader.grants_by(1), reader.grants_by(3)) == ((b"one",), (b"two",), ())


def test_a_grant_put_again_is_replaced_everywhere(storage):
    storage.act(lambda held: held.put_grant("g1", 1, 2, b"one")).result()
    storage.act(lambda held: held.put_grant("g1", 1, 2, b"ended")).result()
    reader = storage.reader()
    assert (reader.grant("g1"), reader.grants_of(1), reader.grants_by(2)) == (b"ended", (b"ended",), (b"ended",))


def test_a_secret_is_found_by_its_hash_and_replaced(storage):
    storage.act(lambda held: held.put_spendable(A, "g1", 1, b"fresh")).result()
    storage.act(lambda held: held.put_spendable(A, "g1", 1, b"spent")).result()
    assert (storage.reader().spendable(A), storage.reader().spendable(B)) == (b"spent", None)


def test_an_act_that_fails_leaves_no_grant(storage):
    def broken(held):
        held.put_grant("g1", 1, 2, b"one")
        held.put_spendable(A, "g1", 1, b"fresh")
        raise ValueError

    assert storage.act(broken).exception() is not None
    assert (storage.reader().grant("g1"), storage.reader().spendable(A)) == (None, None)
