"""Rendering: a docxtpl template, prepared once, makes .docx bytes many times and always the same.

`load_template(path).render(context)` gives what docxtpl's `render(context, autoescape=True)` gives, but
strict about missing names, sandboxed, and with every value printed as sent. The steps:

package    .docx → its parts: those without tags as bytes, those with tags as docxtpl's patched XML
tags       patched XML → a compiled Jinja template that tells faults by part, line and tag
structure  can docxtpl's repairs after Jinja (tables, picture ids, blank text) change anything here?
parts      one part with tags: context → bytes, with those repairs only where they could matter
zipping    parts → the bytes of the package
template   all of them in their order
"""

from service.rendering.template import Template, load_template

__all__ = ["Template", "load_template"]
