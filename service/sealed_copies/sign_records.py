"""Signs queued PDFs with the service's key; what fails stays queued, and archiving does not wait for it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from service.archive import Archive, Record
from service.archive.additions import add_file, addition_table, signing_queue
from service.archive.additions.addition import PDF, SIGNED, Addition
from service.archive.additions.signing_queue import Signing
from service.archive.object_store import stored_file
from service.audit.event import process_actor
from service.config import Settings
from service.errors import ArchiveFault, ArchiveUnavailable, Bilingual, KexieError, SigningFault, UsageError

if TYPE_CHECKING:
    from service.signatures.sign import PdfSigner

_NO_REASON = Bilingual("", "")


@dataclass
class SigningCount:
    """How many records were signed, and how many that were due were not; why the last one was not."""

    signed: int = 0
    failed: int = 0
    reason: Bilingual = _NO_REASON


def queue_unsigned(archive: Archive, records: Iterable[Record]) -> int:
    """Queues those of the records that have a PDF and no signed one; returns their number."""
    keys = [
        each.key for each in records if "pdf" in each.files and not add_file.additions(archive, each, SIGNED)
    ]
    for start in range(0, len(keys), 500):
        with archive.writing() as connection:
            signing_queue.request(connection, keys[start : start + 500], datetime.now(UTC))
    return len(keys)


def sign_due(
    archive: Archive, settings: Settings, stopping: Callable[[], bool] = lambda: False
) -> SigningCount:
    """Signs every queued record whose time has come, until `stopping`; those that fail wait for a later try.

    Where the key or the time stamp authority fails, the others that are due wait too.
    Raises UsageError if no key is set, ArchiveUnavailable.
    """
    if not settings.sign_key:
        raise UsageError(
            "没有设置签名的证书和私钥（KEXIE_SIGN_KEY）。", "No signing key is set (KEXIE_SIGN_KEY)."
        )
    count, began, signer = SigningCount(), datetime.now(UTC), None
    while not stopping() and (due := _next_due(archive, began)):
        try:
            signer = signer or _signer(settings)
            _sign(archive, due, signer)
            count.signed += 1
        except ArchiveUnavailable:
            raise
        except ArchiveFault as error:
            _postpone(archive, due, error, count)
        except (SigningFault, UsageError) as error:
            _postpone(archive, due, error, count, others=began)
    return count


def _signer(settings: Settings) -> "PdfSigner":
    from service.signatures.sign import PdfSigner  # pyHanko takes half a second and 45 MB

    return PdfSigner(settings)


def _next_due(archive: Archive, moment: datetime) -> Signing | None:
    with archive.reading() as connection:
        return signing_queue.next_due(connection, moment)


def _sign(archive: Archive, signing: Signing, signer: "PdfSigner") -> None:
    record = archive.get(signing.record)
    signed = signer.sign(archive.read(record, "pdf"))
    file = stored_file(signed.content)
    archive.objects.put([(file, signed.content)])
    actor = process_actor("service")
    made = Addition(record.key, SIGNED, 0, file, PDF, datetime.now(UTC), actor.who, signed.result)
    with archive.writing() as connection:
        if signing_queue.remove(connection, record.key):
            add_file.record_addition(archive, connection, record, made, actor)
        elif not addition_table.by_files(connection, [file.sha256]):  # signed by another, or destroyed
            archive.objects.delete(file.sha256)


def _postpone(
    archive: Archive, failed: Signing, error: KexieError, count: SigningCount, others: datetime | None = None
) -> None:
    """Lets a record wait, and those that were due by `others`."""
    now, reason = datetime.now(UTC), error.text.en
    with archive.writing() as connection:
        signing_queue.postpone(connection, failed, reason, now)
        count.failed += 1
        if others:
            count.failed += signing_queue.postpone_others(connection, others, reason, now)
    count.reason = error.text
