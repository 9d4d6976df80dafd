"""What stands around the documents: sets, folders, associations, and taking them away, alike on every storage."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import pytest

from patientoverblik.sharing.model import Association, Folder
from patientoverblik.storage.fault import StorageFault
from tests.storages.samples import entry, reading, submission_set
from tests.storages.test_contract import did

if TYPE_CHECKING:
    from patientoverblik.service.ports import Storage

FOLDER = Folder("urn:uuid:f", "1.2.3.4", 1, title="Mappe")
LINK = Association("urn:uuid:l", "has-member", FOLDER.uuid, entry(1).uuid, 1)


def test_sets_and_folders_belong_to_their_patient(storage: Storage) -> None:
    one, other = submission_set(1), submission_set(2)
    did(storage, lambda tx: [tx.add_set(one), tx.add_set(other), tx.add_folder(FOLDER)])
    reader = storage.reader()
    assert reader.sets(one.patient) == (one, other)
    assert reader.folders(1) == (FOLDER,)
    assert (reader.sets(99), reader.folders(99)) == ((), ())


def test_every_object_can_be_located(storage: Storage) -> None:
    one = submission_set(1)
    did(storage, lambda tx: [tx.add_set(one), tx.add_folder(FOLDER), tx.add_association(LINK)])
    reader = storage.reader()
    assert [reader.locate_object(uuid) for uuid in (one.uuid, FOLDER.uuid, LINK.uuid)] == [one.patient, 1, 1]
    assert reader.locate_object("urn:uuid:nobody") is None
    assert reader.locate_entry(FOLDER.uuid) is None


def test_a_folder_is_replaced_where_it_is(storage: Storage) -> None:
    folder = msgspec.structs.replace(FOLDER, title="Ny")
    did(storage, lambda tx: tx.add_folder(FOLDER))
    did(storage, lambda tx: tx.put_folder(folder))
    assert storage.reader().folders(1) == (folder,)


def test_what_is_removed_is_gone_and_its_ids_are_free(storage: Storage) -> None:
    one, document = submission_set(1), entry(1)
    content = document.content
    kept = [
        lambda tx: [tx.add_set(one), tx.add_folder(FOLDER), tx.add_association(LINK), tx.add_entry(document)],
        lambda tx: [tx.add_content(1, content, b"document 1"), tx.put_reading(1, reading(content))],
    ]
    did(storage, *kept)
    did(storage, lambda tx: [tx.remove_association(1, LINK.uuid), tx.remove_folder(FOLDER), tx.remove_set(one)])
    did(storage, lambda tx: [tx.remove_entry(1, document.uuid), tx.remove_content(1, content)])
    reader = storage.reader()
    assert (reader.associations(1), reader.folders(1), reader.sets(one.patient), reader.entries(1)) == ((), (), (), ())
    assert (reader.content(1, content), reader.reading(1, content), reader.cares(1, [content])) == (None, None, {})
    assert [reader.locate_object(uuid) for uuid in (one.uuid, FOLDER.uuid, LINK.uuid)] == [None, None, None]
    assert (reader.locate_entry(document.uuid), reader.locate_set(one.unique_id)) == (None, None)
    assert reader.locate_unique(document.unique_id) == ()
    did(storage, *kept)
    assert storage.reader().entries(1) == (document,)


def test_an_entry_can_go_and_its_bytes_stay(storage: Storage) -> None:
    document = entry(1)
    did(storage, lambda tx: [tx.add_entry(document), tx.add_content(1, document.content, b"document 1")])
    did(storage, lambda tx: tx.remove_entry(1, document.uuid))
    assert storage.reader().content(1, document.content) == b"document 1"


def test_an_association_is_replaced_where_it_is(storage: Storage) -> None:
    other = msgspec.structs.replace(LINK, uuid="urn:uuid:l2")
    ended = msgspec.structs.replace(LINK, status="deprecated")
    did(storage, lambda tx: [tx.add_association(LINK), tx.add_association(other), tx.put_association(ended)])
    assert storage.reader().associations(1) == (ended, other)
    with pytest.raises(StorageFault):
        did(storage, lambda tx: tx.put_association(msgspec.structs.replace(LINK, uuid="urn:uuid:nobody")))


def test_a_later_version_of_a_folder_has_its_unique_id_too(storage: Storage) -> None:
    newer = msgspec.structs.replace(FOLDER, uuid="urn:uuid:f2", version=2, title="Ny")
    did(storage, lambda tx: [tx.add_folder(FOLDER), tx.add_folder(newer)])
    assert storage.reader().folders(1) == (FOLDER, newer)
    did(storage, lambda tx: tx.remove_folder(FOLDER))
    assert storage.reader().locate_folder(FOLDER.unique_id) == 1
    did(storage, lambda tx: tx.remove_folder(newer))
    assert storage.reader().locate_folder(FOLDER.unique_id) is None


def test_nothing_is_removed_that_is_not_there(storage: Storage) -> None:
    acts = [
        lambda tx: tx.remove_entry(1, entry(1).uuid),
        lambda tx: tx.remove_set(submission_set(1)),
        lambda tx: tx.remove_folder(FOLDER),
        lambda tx: tx.remove_association(1, LINK.uuid),
        lambda tx: tx.remove_content(1, entry(1).content),
        lambda tx: tx.put_folder(FOLDER),
    ]
    for act in acts:
        with pytest.raises(StorageFault) as fault:
            did(storage, act)
        assert fault.value.code == "storage.conflict"


def test_another_patients_objects_are_not_removed(storage: Storage) -> None:
    did(storage, lambda tx: [tx.add_folder(FOLDER), tx.add_entry(entry(1)), tx.add_association(LINK)])
    for act in (
        lambda tx: tx.remove_folder(msgspec.structs.replace(FOLDER, patient=2)),
        lambda tx: tx.remove_entry(2, entry(1).uuid),
        lambda tx: tx.remove_association(2, LINK.uuid),
    ):
        with pytest.raises(StorageFault):
            did(storage, act)
    assert storage.reader().entries(1) == (entry(1),)


def test_a_claim_is_remembered_when_its_entry_is_gone(storage: Storage) -> None:
    document = entry(1)
    assert storage.reader().claim_of(document.unique_id) is None
    did(storage, lambda tx: [tx.claim_unique(document.unique_id, 1, document.content), tx.add_entry(document)])
    did(storage, lambda tx: tx.remove_entry(1, document.uuid))
    reader = storage.reader()
    assert reader.locate_unique(document.unique_id) == ()
    assert reader.claim_of(document.unique_id) == (1, document.content)
