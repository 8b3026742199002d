"""A folder of forms: `docx_templates/`, `samples/`, `schemas/` with the table of editions, `fonts/`."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from service.config import Settings

_PACKAGED = Path(__file__).parent.parent / "data"
_CHECKOUT = Path(__file__).parent.parent.parent


@dataclass(eq=False)
class FormFolder:
    """Where the files of some forms are: in `root`, their modules in `schemas`.

    `changeable`: whether editions can be added and published there, as not in an installed package.
    """

    root: Path
    schemas: Path
    changeable: bool = True

    def templates(self, year: int) -> Path:
        """The template folder of a plan year."""
        return self.root / "docx_templates" / str(year)

    def samples(self, year: int) -> Path:
        """The sample folder of a plan year."""
        return self.root / "samples" / str(year)

    @property
    def fonts(self) -> Path:
        """The font folder, which need not exist: faces, and the table of the official names they draw."""
        return self.root / "fonts"

    @property
    def table(self) -> Path:
        """The table of editions."""
        return self.schemas / "editions.json"

    @property
    def is_empty(self) -> bool:
        """Whether it is there, and nothing in it."""
        return self.root.is_dir() and not any(self.root.iterdir())

    def __str__(self) -> str:
        return str(self.root)


BUILT_IN = FormFolder(
    _PACKAGED if _PACKAGED.is_dir() else _CHECKOUT, _CHECKOUT / "schemas", not _PACKAGED.is_dir()
)


@cache
def outside(root: Path) -> FormFolder:
    """The folder of forms outside the code at `root`."""
    return FormFolder(root, root / "schemas")


def font_folders(settings: Settings) -> tuple[Path, ...]:
    """The further font folders: KEXIE_FONT_DIRS, and those that the folders of forms bring."""
    brought = (outside(root).fonts for root in settings.forms)
    return (*settings.font_dirs, *(folder for folder in brought if folder.is_dir()))
