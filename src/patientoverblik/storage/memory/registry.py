"""What stands around a patient's documents in memory: submission sets, folders, and taking objects away again."""

from collections.abc import Callable

from patientoverblik.sharing.model import Association, Folder, SubmissionSet
from patientoverblik.storage.fault import StorageFault
from patientoverblik.storage.memory.state import State


class RegistryReads:
    """Reading sets and folders."""

    _now: Callable[[], State]

    def sets(self, patient: int) -> tuple[SubmissionSet, ...]:
        """Every submission set under one key, by time and uuid."""
        own = (one for one in self._now().sets.values() if one.patient == patient)
        return tuple(sorted(own, key=lambda one: (one.submitted, one.uuid)))

    def folders(self, patient: int) -> tuple[Folder, ...]:
        """Every folder under one key, by uuid."""
        own = (one for one in self._now().folders.values() if one.patient == patient)
        return tuple(sorted(own, key=lambda one: one.uuid))

    def locate_folder(self, unique_id: str) -> int | None:
        """The patient key that a folder's uniqueId lies under."""
        return next((one.patient for one in self._now().folders.values() if one.unique_id == unique_id), None)

    def locate_object(self, uuid: str) -> int | None:
        """The patient key a set, folder or association lies under."""
        state = self._now()
        links = (one for held in state.associations.values() for one in held)
        found = [one.patient for one in state.sets.values() if one.uuid == uuid]
        found += [one.patient for one in state.folders.values() if one.uuid == uuid]
        found += [one.patient for one in links if one.uuid == uuid]
        return next(iter(found), None)


class RegistryWrites(RegistryReads):
    """Changing sets and folders inside an act."""

    def add_folder(self, folder: Folder) -> None:
        """Add a folder; its uuid must be new, and its uniqueId but for a later version's."""
        _holds(self.locate_object(folder.uuid) is None)
        _holds(folder.version > 1 or self.locate_folder(folder.unique_id) is None)
        self._now().folders[folder.uuid] = folder

    def put_folder(self, folder: Folder) -> None:
        """Replace the folder with the same uuid."""
        _holds(folder.uuid in self._now().folders)
        self._now().folders[folder.uuid] = folder

    def remove_entry(self, patient: int, uuid: str) -> None:
        """Take an entry away; its bytes stay until they are removed too."""
        held = self._now().entries.get(patient, ())
        _holds(any(one.uuid == uuid for one in held))
        self._now().entries[patient] = tuple(one for one in held if one.uuid != uuid)

    def remove_set(self, submission_set: SubmissionSet) -> None:
        """Take a submission set away; its members stay."""
        _holds(submission_set.unique_id in self._now().sets)
        del self._now().sets[submission_set.unique_id]

    def remove_folder(self, folder: Folder) -> None:
        """Take a folder away; its members stay."""
        _holds(folder.uuid in {one.uuid for one in self.folders(folder.patient)})
        del self._now().folders[folder.uuid]

    def put_association(self, association: Association) -> None:
        """Replace the association with the same uuid; it keeps its place in the order."""
        held = self._now().associations.get(association.patient, ())
        _holds(any(one.uuid == association.uuid for one in held))
        kept = (association if one.uuid == association.uuid else one for one in held)
        self._now().associations[association.patient] = tuple(kept)

    def remove_association(self, patient: int, uuid: str) -> None:
        """Take an association away."""
        held = self._now().associations.get(patient, ())
        _holds(any(one.uuid == uuid for one in held))
        self._now().associations[patient] = tuple(one for one in held if one.uuid != uuid)

    def remove_content(self, patient: int, content: str) -> None:
        """Take a document's bytes and its reading away."""
        _holds((patient, content) in self._now().contents)
        del self._now().contents[patient, content]
        self._now().readings.pop((patient, content), None)


def _holds(fact: bool) -> None:
    if not fact:
        raise StorageFault("storage.conflict")
