"""Which fields of a form's page are read-only, hidden or required, by the rules of its portal."""

from dataclasses import replace

from service import portal_rules
from service.catalog import Edition
from service.portal_rules import PortalRules
from service.web.controls.outline import Block, Control


class Marks:
    """What the templates ask of a field or block of the outline."""

    def __init__(self, edition: Edition, rules: PortalRules | None) -> None:
        rules = rules or PortalRules()
        self._hidden = portal_rules.pointers(edition, rules.hidden)
        self._readonly = portal_rules.pointers(edition, rules.readonly) | self._hidden
        self._required = portal_rules.required(edition, rules)
        self.any_required = bool(self._required - self._hidden)

    def hidden(self, part: Block | Control) -> bool:
        """Whether a field is hidden, or all that is in a block."""
        if isinstance(part, Control) or part.pointer in self._hidden:
            return part.pointer in self._hidden
        return all(map(self.hidden, part.parts))

    def shown(self, block: Block) -> Block:
        """A block without the fields that are hidden; a matrix without the rows that are."""
        kept = tuple(each for each in block.parts if not self.hidden(each))
        if block.kind == "matrix":
            return replace(block, parts=kept)
        return replace(
            block, parts=tuple(self.shown(each) if isinstance(each, Block) else each for each in kept)
        )

    def readonly(self, part: Block | Control) -> bool:
        """Whether a field is read-only, or a table as a whole."""
        return part.pointer in self._readonly

    def required(self, part: Block | Control) -> bool:
        """Whether a field is required, or a row of a table."""
        return part.pointer in self._required
