"""Places are found on the pages by shading: it moves no character, and each place has its own colour."""

from __future__ import annotations

from service.form_authoring.drafts import draft, joined_outlines
from service.form_authoring.drafts.marked_places import MarkedPlaces
from service.wordml import W, paragraphs, parse


def fills(element):
    return [each.get(W + "fill") for each in element.iter(W + "shd")]


def test_the_marked_copy_has_the_same_text_and_the_blank_stays(blank):
    before = [each.text for each in paragraphs(blank.root)]
    marked = MarkedPlaces(blank, draft.propose(blank).fields)
    assert [each.text for each in paragraphs(parse(marked.part()))] == before
    assert fills(blank.root) == []


def test_each_field_has_its_own_colours(blank):
    found = draft.propose(blank)
    marked = MarkedPlaces(blank, found.fields)
    used = [each for marks in marked.places.values() for each in {mark.colour for mark in marks}]
    assert len(used) == len(set(used))
    assert set(used) <= set(fills(parse(marked.part())))
    assert list(marked.places) == [each.number for each in found.fields]


def test_the_last_boxes_are_shaded_with_their_words(blank):
    found = draft.propose(blank)
    marked = MarkedPlaces(blank, found.fields)
    colours = {mark.colour for mark in marked.places[4]}
    runs = [run for run in parse(marked.part()).iter(W + "r") if colours & set(fills(run))]
    assert ["".join(each.text or "" for each in run.iter(W + "t")) for run in runs] == [
        "□种植",
        "□养殖",
        "□其他",
        "____",
    ]


def test_cells_with_a_field_are_not_free(blank):
    marked = MarkedPlaces(blank, draft.propose(blank).fields)
    assert [(where.as_dict(), label) for where, label in marked.free.values()] == []


def test_boxes_on_a_line_are_one():
    found = [(10.0, 10.0, 20.0, 20.0), (40.0, 11.0, 50.0, 21.0), (10.0, 30.0, 20.0, 40.0)]
    assert joined_outlines.by_line(found) == [(10.0, 10.0, 50.0, 21.0), (10.0, 30.0, 20.0, 40.0)]
    assert joined_outlines.around(found) == [(10.0, 10.0, 50.0, 40.0)]
