"""Whole official forms, invented: label, kind, unit, options and columns of each place, and no others."""

from __future__ import annotations

import pytest

from tests.helpers.forms.blank_forms import found, official_forms

FORMS = official_forms()


@pytest.mark.parametrize("name", FORMS)
def test_places_are_found_as_a_person_would_list_them(name):
    blocks, expected = FORMS[name]
    assert found(*blocks) == expected
