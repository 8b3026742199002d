"""What is wrong with a form's files: the file, its line, the cause."""

import contextlib
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

from schemas.bilingual import Bilingual


class FormFault(ValueError):
    """A file of a form is faulty; `line` is 0 for a file as a whole."""

    def __init__(self, path: Path, line: int, zh: str, en: str) -> None:
        place = f"{path}:{line}" if line else str(path)
        self.text = Bilingual(f"{place}：{zh}", f"{place}: {en}")
        super().__init__(self.text.en)


@contextlib.contextmanager
def located(folder: Path, otherwise: Callable[[], tuple[Path, int]]) -> Iterator[None]:
    """Any error of the code in `folder` as FormFault, at the last of its lines that ran, or `otherwise`."""
    try:
        yield
    except FormFault:
        raise
    except Exception as error:
        path, line = _place(error, folder) or otherwise()
        reason = f"{type(error).__name__}: {error.msg if isinstance(error, SyntaxError) else error}"
        raise FormFault(path, line, reason, reason) from error


def _place(error: Exception, folder: Path) -> tuple[Path, int] | None:
    if isinstance(error, SyntaxError) and error.filename:
        return Path(error.filename), error.lineno or 0
    frames = [
        (Path(frame.filename), frame.lineno or 0) for frame in traceback.extract_tb(error.__traceback__)
    ]
    own = Path(__file__).parent
    ran = [(path, line) for path, line in frames if path.is_relative_to(folder) and path.parent != own]
    return ran[-1] if ran else None
