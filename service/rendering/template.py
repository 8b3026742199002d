"""A template, loaded once; renders a context to reproducible .docx bytes."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path

from service.errors import TemplateFault, system_errors
from service.rendering import picture_markup, zip_writer
from service.rendering.docx_package import open_package
from service.rendering.tagged_parts import (
    BodyPart,
    CorePropertiesPart,
    NotesPart,
    RenderedPart,
    StoryPart,
    TaggedPart,
)
from service.rendering.zip_writer import FixedEntries
from service.wordml.word_package import list_of


class Template:
    """A compiled docxtpl template; thread-safe, since it keeps no state of a rendering."""

    def __init__(self, path: Path, data: bytes) -> None:
        """Compiles `data`, the bytes of the .docx at `path`. Raises TemplateFault."""
        self.path = path
        self.sha256 = hashlib.sha256(data).hexdigest()
        opened, file = open_package(path, data), str(path)
        parts: list[TaggedPart | CorePropertiesPart] = [
            BodyPart(opened.body, file),
            *(StoryPart(source, file) for source in opened.stories),
            *(NotesPart(source, file) for source in opened.notes),
            CorePropertiesPart(opened.properties, file),
        ]
        self._parts = tuple(part for part in parts if not part.static)
        untagged = [part.render({})[:2] for part in parts if part.static]
        self._unchanging = dict([*opened.others, *untagged])
        self._package = zip_writer.fixed(self._unchanging.items())

    def render(self, context: Mapping[str, object]) -> bytes:
        """Renders `context`: plain str, numbers, lists, dicts, PlacedPicture, and docxtpl's RichText
        and Listing.

        Values print as sent; None prints nothing. Zip times are 1980-01-01. Raises TemplateFault if a tag
        cannot be resolved: a missing name, an attribute the sandbox refuses, a character that XML forbids.
        """
        rendered = [part.render(context) for part in self._parts]
        changing = [(part.name, part.content) for part in rendered]
        if not any(part.pictures for part in rendered):
            return self._package.with_parts(changing)
        return self._without_relations.with_parts([*self._relations(rendered), *changing])

    @cached_property
    def _without_relations(self) -> FixedEntries:
        """The unchanging parts with the content types of pictures, and without what pictures change."""
        changed = {list_of(part.name) for part in self._parts}
        kept = {name: content for name, content in self._unchanging.items() if name not in changed}
        kept[picture_markup.CONTENT_TYPES] = picture_markup.typed(kept[picture_markup.CONTENT_TYPES])
        return zip_writer.fixed(kept.items())

    def _relations(self, rendered: Sequence[RenderedPart]) -> Iterator[tuple[str, bytes]]:
        """Each part's relationships, and the pictures."""
        for part in rendered:
            listed = self._unchanging.get(name := list_of(part.name))
            if part.pictures:
                yield name, picture_markup.related(listed, part.pictures)
            elif listed is not None:
                yield name, listed
        yield from picture_markup.parts(each for part in rendered for each in part.pictures).items()


def load_template(path: str | Path) -> Template:
    """Loads the docxtpl template at `path`; takes about 100 ms for a form, so keep it for many renderings.

    Raises TemplateFault, naming the file and if possible part and tag, if the file is missing, no valid
    .docx, or has a tag that Jinja cannot compile.
    """
    file = Path(path)
    try:
        data = file.read_bytes()
    except OSError as exc:
        why = system_errors.reason(exc)
        raise TemplateFault(
            f"读不了模板 {file}：{why.zh}", f"cannot read the template {file}: {why.en}"
        ) from exc
    return Template(file, data)
