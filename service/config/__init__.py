"""The settings, read from the environment here alone."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from service.config import access, portal, table, web
from service.config.reading import Setting, is_origin, public
from service.errors import UsageError

__all__ = ["SETTINGS", "Setting", "Settings", "is_origin", "public"]

SETTINGS: tuple[Setting, ...] = (
    *table.SETTINGS,
    *access.SETTINGS,
    *portal.SETTINGS,
    *web.SETTINGS,
)


@dataclass(frozen=True)
class Settings:
    """The settings of one process, frozen.

    Units: bytes, seconds, MiB for `recycle_memory` and hours for `idempotency_hours`.
    """

    soffice: str
    temp_dir: Path
    font_dirs: tuple[Path, ...]
    deadline: float
    converters: int
    prewarm: bool
    queue: int
    recycle_documents: int
    recycle_memory: int
    uno_python: str
    body_limit: int
    file_limit: int
    workers: int
    log_level: str
    archive: Path
    database_url: str | None = field(repr=False)
    objects_url: str | None = field(repr=False)
    lease: float
    broker_url: str | None = field(repr=False)
    open: bool
    secret: str | None = field(repr=False)
    jwt_issuer: str | None
    jwt_audience: str | None
    jwt_keys: Path | str | None
    batch_limit: int
    batch_workers: int
    listeners: int
    allowed_hosts: frozenset[str]
    webhook_secret: str | None = field(repr=False)
    webhook_wait: float
    proxies: int
    cors_origins: frozenset[str]
    frame_ancestors: frozenset[str]
    threads: int
    body_deadline: float
    rate: str | None
    rate_storage_url: str | None = field(repr=False)
    idempotency_hours: float
    idempotency_wait: float

    @property
    def longest_request(self) -> float:
        """Seconds that a request may take: a document's two tries, and the start of LibreOffice."""
        return 2 * self.deadline + 30

    @classmethod
    def from_env(cls, values: Mapping[str, str] | None = None) -> Settings:
        """The settings of `values` by name; by default those of the process's environment.

        Raises UsageError for a value that cannot be read, or a name that is no setting.
        """
        given = cls.environment() if values is None else values
        if unknown := sorted(set(given) - {setting.name for setting in SETTINGS}):
            raise UsageError(
                f"没有这个设置：{'、'.join(unknown)}。执行 kexie-forms doctor --settings 查看全部设置。",
                f"No such setting: {', '.join(unknown)}. See kexie-forms doctor --settings.",
            )
        return cls(**{setting.field: _read(setting, given) for setting in SETTINGS})

    @staticmethod
    def environment() -> dict[str, str]:
        """The settings that the process's environment gives, by name."""
        return {name: value for name, value in os.environ.items() if name.startswith("KEXIE_")}

    def as_env(self, *, secrets: bool = True) -> dict[str, str]:
        """The settings as `from_env` reads them, by name; without `secrets`, no passwords."""
        return {
            setting.name: setting.write(getattr(self, setting.field))
            for setting in SETTINGS
            if secrets or not setting.secret
        }


def _read(setting: Setting, given: Mapping[str, str]) -> Any:
    text = given.get(setting.name) or setting.default
    try:
        return setting.read(text)
    except ValueError:
        pass
    zh, en = ("", "") if setting.secret else (f"“{text}”", f" '{text}'")
    raise UsageError(
        f"设置 {setting.name} 的值{zh}无效（{setting.help.zh}）。",
        f"Setting {setting.name} has an invalid value{en} ({setting.help.en}).",
    )
