"""The register (移交登记表) of a package, as a .docx to be printed, completed and signed by both sides."""

import functools
import math
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from service.handover.classification import Classification
from service.handover.package_count import PackageCount
from service.rendering import Template, load_template
from service.submission import time_in_china

_TEMPLATE = Path(__file__).with_name("register.docx")


def register(count: PackageCount, classification: Classification) -> bytes:
    """The register, with blanks for what the service does not know: both sides, the medium, the results."""
    numbers = {name: f"{getattr(count, name):,}" for name in ("items", "records", "files", "size")}
    values = {
        **vars(classification),
        **numbers,
        "mebibytes": f"{math.ceil(count.size / 1024**2):,}",
        "years": _counted(count.years, "件"),
        "periods": _counted(count.periods, "件"),
        "formats": _counted(count.formats, "个"),
        "time": f"{time_in_china(datetime.now(UTC)):%Y-%m-%d %H:%M}",
    }
    return _template().render(values)


def _counted(numbers: Mapping[str, int], unit: str) -> str:
    return "、".join(f"{name}（{number:,} {unit}）" for name, number in sorted(numbers.items()))


@functools.cache
def _template() -> Template:
    return load_template(_TEMPLATE)
