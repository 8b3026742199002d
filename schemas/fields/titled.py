"""What every field of a form has: key, official label, English gloss, help, the messages of its faults."""

from collections.abc import Mapping
from typing import Any, ClassVar

from schemas.bilingual import Bilingual
from schemas.field_faults import CELL_MESSAGES, MESSAGES, Messages, add


class Titled:
    """A field of a form, or a group of them."""

    name: str | None
    data_key: str | None
    metadata: Mapping[str, Any]
    #: Messages in Chinese and English of the faults that are the type's own, in JSON and in a sheet's cells.
    faults: ClassVar[Messages] = {}
    cell_faults: ClassVar[Messages] = {}
    #: How a difference between what was sent and what a document gives back is worded, without the values.
    difference: ClassVar[Bilingual] = Bilingual(
        "读回的内容与申报数据不同。", "The content read back differs from the data."
    )
    _gloss: str = ""
    #: What a person who fills it in may want to know: an example, the meaning of a word, who fills it in.
    help: Bilingual = Bilingual("", "")

    def __init_subclass__(cls, **keywords: Any) -> None:
        super().__init_subclass__(**keywords)
        add(MESSAGES, vars(cls).get("faults", {}))
        add(CELL_MESSAGES, vars(cls).get("cell_faults", {}))

    @property
    def key(self) -> str:
        """The key in the payload."""
        return self.data_key or self.name or ""

    @property
    def title(self) -> str:
        """The official label."""
        return str(self.metadata["title"])

    @property
    def gloss(self) -> str:
        """The label in English; "" if the form gives none."""
        return self._gloss
