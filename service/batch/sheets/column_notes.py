"""The note of a sheet's column: what its field asks for."""

from schemas.bilingual import Bilingual
from service.batch.inputs.columns import FieldColumn
from service.catalog import Edition


def note(edition: Edition, leaf: FieldColumn) -> Bilingual:
    """The note of a column: its rule, the joint 字 limit it counts for, its description in the schema."""
    text = leaf.field.column.note
    zh, en = text.zh, text.en
    for limit in edition.limits():
        if leaf.pointer in limit["fields"]:
            zh += f"{limit['label']}合计不超过 {limit['maximum']} 字。"
            en += f" {limit['label']} together at most {limit['maximum']} 字."
    description = leaf.field.metadata.get("description")
    if isinstance(description, str):
        chinese, _, english = description.partition(" / ")
        zh, en = f"{zh}{chinese}。", f"{en} {english[:1].upper()}{english[1:]}."
    return Bilingual(zh, en)
