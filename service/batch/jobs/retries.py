"""When an item is tried again after a fault that may be gone by then, and when it is given up."""

from typing import Any

from service.batch.jobs.job_tables import FAILED, QUEUED

MOST_FAULTS = 5
_BACK_OFF = 4.0  # factor per fault


def after_fault(faults: int, item: int, now: float) -> dict[str, Any]:
    """The columns of an item after its `faults`th fault: queued again, or failed after the last."""
    if faults >= MOST_FAULTS:
        return {"state": FAILED, "due": None, "faults": faults}
    return {"state": QUEUED, "due": now + _back_off(faults, item), "faults": faults}


def _back_off(faults: int, item: int) -> float:
    """Seconds to wait after `faults` faults: 1, 4, 16, 64, each prolonged by up to half, by item.

    Items that crashed together return one by one, so that the guilty one is found.
    """
    return float(_BACK_OFF ** (faults - 1)) * (1 + (item * 7 % 11) / 22)
