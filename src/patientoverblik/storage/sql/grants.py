"""What citizens have allowed apps, as rows: values are bytes that are not read here."""

from patientoverblik.storage.sql.connection import Connection
from patientoverblik.storage.sql.putting import once, put


class GrantReads:
    """Reading grants and secrets."""

    def __init__(self, connection: Connection) -> None:
        """Read through ``connection``."""
        self._connection = connection

    def grant(self, grant: str) -> bytes | None:
        """A grant by its id."""
        found = self._connection.one("select patient from grant_locator where grant_id = ?", (grant,))
        return self._grant(found[0], grant) if found else None

    def grants_of(self, patient: int) -> tuple[bytes, ...]:
        """Every grant about a patient key."""
        rows = self._connection.all("select data from app_grant where patient = ?", (patient,))
        return tuple(row[0] for row in rows)

    def grants_by(self, giver: int) -> tuple[bytes, ...]:
        """Every grant given by a person."""
        rows = self._connection.all("select patient, grant_id from giver_locator where giver = ?", (giver,))
        return tuple(data for patient, grant in rows if (data := self._grant(patient, grant)) is not None)

    def spendable(self, digest: str) -> bytes | None:
        """A secret by its hash."""
        key = bytes.fromhex(digest)
        found = self._connection.one("select patient, grant_id from spendable_locator where digest = ?", (key,))
        if found is None:
            return None
        statement = "select data from spendable where patient = ? and grant_id = ? and digest = ?"
        row = self._connection.one(statement, (*found, key))
        return row[0] if row else None

    def _grant(self, patient: int, grant: str) -> bytes | None:
        statement = "select data from app_grant where patient = ? and grant_id = ?"
        row = self._connection.one(statement, (patient, grant))
        return row[0] if row else None


class GrantWrites(GrantReads):
    """Changing grants and secrets inside an act."""

    def put_grant(self, grant: str, patient: int, giver: int, data: bytes) -> None:
        """Keep or replace a grant."""
        run = self._connection.run
        run(put("app_grant", "patient, grant_id", "data"), (patient, grant, data))
        run(once("grant_locator", "grant_id", "patient"), (grant, patient))
        run(once("giver_locator", "giver", "grant_id", "patient"), (giver, grant, patient))

    def put_spendable(self, digest: str, grant: str, patient: int, data: bytes) -> None:
        """Keep or replace a secret."""
        key = bytes.fromhex(digest)
        self._connection.later(
            put("spendable", "patient, grant_id, digest", "data"),
            (patient, grant, key, data),
        )
        self._connection.later(
            once("spendable_locator", "digest", "patient", "grant_id"),
            (key, patient, grant),
        )
