"""Drafts of forms: what is proposed for a blank document, as data that a person changes.

draft           the proposed fields, numbered as they are printed
field_kinds     the kinds of fields, and which of them a place can have
draft_changes   a draft with changes, checked all at once
changes_schema  what changes are made of, and what can be wrong with them
changed_fields  one field with its changes
added_places    places that a person adds
form_of_draft   the form of a draft, tried, packed or installed
page_positions  the outlines of places on the pages of the blank
marked_places   places shaded in colours, by which they are found on the pages
shading         shaded cells, paragraphs and characters
joined_outlines outlines joined
"""
