"""Renders docxtpl templates: compiled once, rendered many times with reproducible bytes.

`load_template(path).render(context)` gives the result of docxtpl's `render(context, autoescape=True)`, but
fails on missing names, runs sandboxed, and prints every value as sent. The modules:

docx_package     .docx → parts: without tags as bytes, with tags as docxtpl's patched XML
compiled_tags    patched XML → a compiled Jinja template; errors name part, line and tag
tag_outline      the elements of a part, and how its tags choose or repeat them
repair_analysis  whether docxtpl's repairs after Jinja (tables, picture ids, blank text) can change a part
tagged_parts     a part with tags: context → bytes, with those repairs only if needed
pictures         pictures as drawings, with their parts and relationships
zip_writer       parts → package
template         all steps in order
"""

from service.rendering.template import Template, load_template

__all__ = ["Template", "load_template"]
