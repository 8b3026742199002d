"""The errors of kexie-forms, each with a stable code, an exit code and an HTTP status.

KexieError                    1  500  internal_error
├── UsageError                2  400  usage
│   ├── UnknownForm           2  404  unknown_form
│   ├── UnknownYear           2  404  unknown_year
│   ├── UnknownRecord         2  404  unknown_record
│   │   └── RecordDestroyed   2  410  record_destroyed
│   ├── UnknownBatch          2  404  unknown_batch
│   ├── UnknownKey            2  404  unknown_key
│   ├── DestructionRefused    2  409  destruction_refused
│   ├── UnknownDraft          2  404  unknown_draft
│   ├── DraftExpired          2  410  draft_expired
│   ├── DraftChanged          2  412  draft_changed
│   ├── DraftsFull            2  429  drafts_full
│   ├── Unauthorized          2  401  unauthorized
│   ├── Forbidden             2  403  forbidden
│   │   └── WrongHost         2  403  wrong_host    without keys
│   ├── NewerVersion          2  412  newer_version    of a record, than the one that was changed
│   ├── RateExceeded          2  429  rate_exceeded
│   ├── IdempotencyKeyReused  2  422  idempotency_key_reused
│   └── IdempotencyConflict   2  409  idempotency_conflict
├── PayloadError              3
│   ├── NotJson               3  400  not_json
│   ├── InvalidPayload        3  422  invalid_payload    carries every FieldError at once
│   │   └── IncompletePayload 3  422  missing    a complete application was asked for
│   ├── NotSealed             3  422  not_sealed    a sealed copy without seal
│   ├── OtherRecord           3  409  other_record    a sealed copy of another record
│   ├── UnreadableDocument    3  422  unreadable_document
│   ├── UnrecognisedForm      3  422  unrecognised_form
│   └── UnreadableInput       3  422  unreadable_input
├── TemplateFault             4  500  template_fault
├── ConversionFault           5  500  conversion_fault
│   ├── CharacterNotDrawable  5  422  character_not_drawable    carries every FieldError at once
│   │   └── FormNotDrawable   5  503  character_not_drawable    the form's own characters
│   ├── ConversionTimeout     5  503  conversion_timeout
│   ├── ConverterMissing      5  503  converter_missing
│   ├── DocumentRefused       5  500  document_refused
│   ├── QueueFull             5  429  queue_full
│   ├── SandboxMissing        5  503  sandbox_missing
│   ├── TempFolderFault       5  503  temp_folder_fault
│   └── VerificationTimeout   5  503  verification_timeout    no result on signatures
├── ArchiveFault              6  500  archive_fault
│   ├── ObjectMissing         6  500  archive_fault
│   ├── PackageTimeout        6  503  package_timeout
│   ├── UnreadablePackage     6  422  unreadable_package
│   └── ArchiveUnavailable    6  503  archive_unavailable
│       └── ArchiveUnwritable 6  503  archive_unavailable    the disk is full or read-only
├── SigningFault              6  503  signing_fault    archived PDFs are signed later
├── AccessFault               1  503  access_unavailable    tokens cannot be checked or signed
└── ProofFault                1  500  proof_failed    carries every FieldError at once

Errors are distinguished by class. Their texts are for people: Chinese first, English beside it.
"""

from schemas.bilingual import Bilingual
from service.errors.archive import (
    AccessFault,
    ArchiveFault,
    ArchiveUnavailable,
    ArchiveUnwritable,
    ObjectMissing,
    PackageTimeout,
    ProofFault,
    SigningFault,
    UnreadablePackage,
)
from service.errors.base import (
    FieldError,
    KexieError,
    Remarks,
)
from service.errors.documents import (
    CharacterNotDrawable,
    ConversionFault,
    ConversionTimeout,
    ConverterMissing,
    DocumentRefused,
    FormNotDrawable,
    QueueFull,
    SandboxMissing,
    TempFolderFault,
    TemplateFault,
    VerificationTimeout,
)
from service.errors.payload import (
    IncompletePayload,
    InvalidPayload,
    NotJson,
    NotSealed,
    OtherRecord,
    PayloadError,
    UnreadableDocument,
    UnreadableInput,
    UnrecognisedForm,
)
from service.errors.usage import (
    DestructionRefused,
    DraftChanged,
    DraftExpired,
    DraftsFull,
    Forbidden,
    IdempotencyConflict,
    IdempotencyKeyReused,
    NewerVersion,
    RateExceeded,
    RecordDestroyed,
    Unauthorized,
    UnknownBatch,
    UnknownDraft,
    UnknownForm,
    UnknownKey,
    UnknownRecord,
    UnknownYear,
    UsageError,
    WrongHost,
)

__all__ = [
    "AccessFault",
    "ArchiveFault",
    "ArchiveUnavailable",
    "ArchiveUnwritable",
    "Bilingual",
    "CharacterNotDrawable",
    "ConversionFault",
    "ConversionTimeout",
    "ConverterMissing",
    "DestructionRefused",
    "DocumentRefused",
    "DraftChanged",
    "DraftExpired",
    "DraftsFull",
    "FieldError",
    "Forbidden",
    "FormNotDrawable",
    "IdempotencyConflict",
    "IdempotencyKeyReused",
    "IncompletePayload",
    "InvalidPayload",
    "KexieError",
    "NewerVersion",
    "NotJson",
    "NotSealed",
    "ObjectMissing",
    "OtherRecord",
    "PackageTimeout",
    "PayloadError",
    "ProofFault",
    "QueueFull",
    "RateExceeded",
    "RecordDestroyed",
    "Remarks",
    "SandboxMissing",
    "SigningFault",
    "TempFolderFault",
    "TemplateFault",
    "Unauthorized",
    "UnknownBatch",
    "UnknownDraft",
    "UnknownForm",
    "UnknownKey",
    "UnknownRecord",
    "UnknownYear",
    "UnreadableDocument",
    "UnreadableInput",
    "UnreadablePackage",
    "UnrecognisedForm",
    "UsageError",
    "VerificationTimeout",
    "WrongHost",
]
