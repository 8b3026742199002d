"""The note of a sheet's column: what its field asks for."""

from schemas.bilingual import Bilingual
from service.batch.inputs.sheet_columns import FieldColumn
from service.catalog import Edition


def note(edition: Edition, leaf: FieldColumn) -> Bilingual:
    """The note of a column: its rule, the joint 字 limit it counts for, its description in the schema.

    In English it begins with the English of the label, if the form gives any.
    """
    text = leaf.field.column.note
    zh, en = text.zh, f"{leaf.field.gloss}: {text.en}" if leaf.field.gloss else text.en
    for limit in edition.limits():
        if leaf.pointer in limit["fields"]:
            fields = [edition.schema.fields[name[1:]] for name in limit["fields"]]
            names = ", ".join(getattr(field, "gloss", "") or field.metadata["title"] for field in fields)
            zh += f"{limit['label']}合计不超过 {limit['maximum']} 字。"
            en += f" {names} together at most {limit['maximum']} characters."
    description = leaf.field.metadata.get("description")
    if isinstance(description, str):
        chinese, _, english = description.partition(" / ")
        zh, en = f"{zh}{chinese}。", f"{en} {english[:1].upper()}{english[1:]}."
    return Bilingual(zh, en)
