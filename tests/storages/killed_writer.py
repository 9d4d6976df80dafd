"""The process that is killed: several threads submit documents and tell each answer as soon as they have it."""

import os
import random
import sys
import threading
from pathlib import Path
from uuid import uuid4

from patientoverblik.access import SecurityEvent
from patientoverblik.sharing import Described, NewDocument, Submission, Submitted, submit
from patientoverblik.sharing.model import Author, DocumentEntry, PatientId, StoredReading
from patientoverblik.storage.sqlite import SqliteStorage
from tests.storages.samples import CPR, DOCTOR, PRACTICE, key_of

PATIENTS = tuple(PatientId(CPR, f"61124899{n:02}") for n in range(3))


class RandomIds:
    """Ids as in production, but with the keys the test looks under."""

    def __init__(self, key: int) -> None:
        self.key = key

    def uuid(self) -> str:
        return f"urn:uuid:{uuid4()}"

    def patient_key(self) -> int:
        return self.key


def main(path: str, round_: str) -> None:
    storage = SqliteStorage(Path(path))
    threads = [threading.Thread(target=deliver, args=(storage, round_, n), daemon=True) for n in range(len(PATIENTS))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def deliver(storage: SqliteStorage, round_: str, number: int) -> None:
    last = ""
    for count in range(100_000):
        name = f"1.2^{round_}-{number}-{count}"
        related = (("RPLC", last),) if last and random.random() < 0.5 else ()
        last = storage.act(lambda tx, name=name, related=related: one(tx, name, number, related)).result()
        os.write(1, f"{name}\n".encode())


def one(tx: object, name: str, number: int, related: tuple) -> str:
    data = name.encode() + os.urandom(3000)
    draft = DocumentEntry("", "", 1, 0, "approved", name, "", "1.2.3", "", authors=(Author(PRACTICE),))
    reading = StoredReading(key_of(data), "s", data[:900], data)
    document = NewDocument(Described(draft), data, key_of(data), reading, related)
    answer = submit(tx, Submission((document,), PATIENTS[number], PRACTICE), RandomIds(number + 1), 1)
    assert isinstance(answer, Submitted), answer
    tx.add_event(SecurityEvent(name, number + 1, DOCTOR, "deliver", "done", "rule", 1))
    return answer.documents[0].entry.uuid


if __name__ == "__main__":
    main(*sys.argv[1:])
