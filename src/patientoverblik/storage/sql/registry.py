"""What stands around a patient's documents: submission sets, folders, and taking objects away again."""

from patientoverblik.sharing.model import Association, Folder, SubmissionSet
from patientoverblik.storage.fault import StorageFault
from patientoverblik.storage.sql.locators import FOLDER
from patientoverblik.storage.sql.packing import decode_association, decode_folder, encode, set_of
from patientoverblik.storage.sql.place import CARE, ENTRY, WITHIN, part_of, span, within
from patientoverblik.storage.sql.shelf import ShelfReads, ShelfWrites


class RegistryReads(ShelfReads):
    """Reading one patient's sets and folders."""

    def sets(self, patient: int) -> tuple[SubmissionSet, ...]:
        """Every submission set under one key, by time and uuid."""
        rows = self._connection.all("select data from submission_set where patient = ?", (patient,))
        return tuple(sorted((set_of(row[0]) for row in rows), key=lambda one: (one.submitted, one.uuid)))

    def folders(self, patient: int) -> tuple[Folder, ...]:
        """Every folder under one key, by uuid."""
        rows = self._connection.all("select data from folder where patient = ? order by uuid", (patient,))
        return tuple(decode_folder(row[0]) for row in rows)

    def locate_folder(self, unique_id: str) -> int | None:
        """The patient key that a folder's uniqueId lies under."""
        row = self._connection.one(FOLDER, (unique_id,))
        return row[0] if row else None

    def locate_object(self, uuid: str) -> int | None:
        """The patient key a set, folder or association lies under."""
        row = self._connection.one("select patient from object_locator where uuid = ?", (uuid,))
        return row[0] if row else None


class RegistryWrites(RegistryReads, ShelfWrites):
    """Changing what stands around the documents inside an act."""

    def add_set(self, submission_set: SubmissionSet) -> None:
        """Add a submission set; its ids must be new."""
        super().add_set(submission_set)
        self._locate(submission_set.uuid, submission_set.patient)

    def add_association(self, association: Association) -> None:
        """Add an association; its uuid must be new."""
        super().add_association(association)
        self._locate(association.uuid, association.patient)

    def add_folder(self, folder: Folder) -> None:
        """Add a folder; its uuid must be new, and its uniqueId but for a later version's."""
        self._locate(folder.uuid, folder.patient)
        if folder.version == 1:
            self._connection.later(
                "insert into folder_locator (unique_id, patient) values (?, ?)", (folder.unique_id, folder.patient)
            )
        self._connection.later(
            "insert into folder (patient, uuid, data) values (?, ?, ?)", (folder.patient, folder.uuid, encode(folder))
        )

    def put_folder(self, folder: Folder) -> None:
        """Replace the folder with the same uuid."""
        self._changed(
            "update folder set data = ? where patient = ? and uuid = ?", (encode(folder), folder.patient, folder.uuid)
        )

    def remove_entry(self, patient: int, uuid: str) -> None:
        """Take an entry away; its bytes stay until they are removed too."""
        where = (*within(patient, ENTRY), self._connection.name_of(uuid))
        self._changed(f"delete from shelf where {WITHIN} and name = ?", where)  # noqa: S608
        self._connection.later("delete from entry_locator where uuid = ?", (uuid,))

    def remove_set(self, submission_set: SubmissionSet) -> None:
        """Take a submission set away; its members stay."""
        key = (submission_set.patient, submission_set.unique_id)
        self._changed("delete from submission_set where patient = ? and unique_id = ?", key)
        self._connection.later("delete from set_locator where unique_id = ?", (submission_set.unique_id,))
        self._forget(submission_set.uuid)

    def remove_folder(self, folder: Folder) -> None:
        """Take a folder away; its members stay."""
        self._changed("delete from folder where patient = ? and uuid = ?", (folder.patient, folder.uuid))
        if all(one.unique_id != folder.unique_id for one in self.folders(folder.patient)):
            self._connection.later("delete from folder_locator where unique_id = ?", (folder.unique_id,))
        self._forget(folder.uuid)

    def put_association(self, association: Association) -> None:
        """Replace the association with the same uuid; it keeps its place in the order."""
        patient = association.patient
        place = self._association_place(patient, association.uuid)
        self._connection.later(
            "update association set data = ? where place = ? and patient = ?", (encode(association), place, patient)
        )

    def remove_association(self, patient: int, uuid: str) -> None:
        """Take an association away."""
        place = self._association_place(patient, uuid)
        self._connection.later("delete from association where place = ? and patient = ?", (place, patient))
        self._forget(uuid)

    def _association_place(self, patient: int, association: str) -> int:
        rows = self._connection.all(
            "select place, data from association where place between ? and ? and patient = ?", (*span(patient), patient)
        )
        places: list[int] = [place for place, data in rows if decode_association(data).uuid == association]
        if not places:
            raise StorageFault("storage.conflict")
        return places[0]

    def remove_content(self, patient: int, content: str) -> None:
        """Take a document's bytes and its reading away."""
        row = self._connection.one(
            "select place from content_place where patient = ? and content = ?", (patient, bytes.fromhex(content))
        )
        if row is None:
            raise StorageFault("storage.conflict")
        for table in ("content", "record"):
            self._connection.later(f"delete from {table} where place = ? and patient = ?", (row[0], patient))  # noqa: S608
        care = (row[0] + part_of(CARE), patient, CARE)
        self._connection.later("delete from shelf where place = ? and patient = ? and part = ?", care)
        self._connection.later("delete from content_place where place = ? and patient = ?", (row[0], patient))

    def _locate(self, uuid: str, patient: int) -> None:
        self._connection.later("insert into object_locator (uuid, patient) values (?, ?)", (uuid, patient))

    def _forget(self, uuid: str) -> None:
        self._connection.later("delete from object_locator where uuid = ?", (uuid,))

    def _changed(self, statement: str, values: tuple[object, ...]) -> None:
        if self._connection.run(statement, values) != 1:
            raise StorageFault("storage.conflict")
