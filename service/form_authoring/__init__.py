"""Makes a working form of a blank official document (`kexie-forms form new`).

keys             English or pinyin keys of labels (`keys.toml`)
field_types      the field type of a place, as schemas write it
form_plan        the places as fields and groups with keys
schema_module    the schema's Python module
sample_values    invented values that fit their fields
tags             the tags in their places
cleared_document what a template may not hold, taken out of the blank
typefaces        faces for fonts that the service does not know
form_title       the form's title, from its first words
blank_form       a blank form as it was read, and the fields planned of it
printed_braces   printed text that a template would take for tags
form_files       what is in the files of a form, and writing them
trial            the edition that files make before they are written
new_form         all of it: a form in its folder, and its lint report
"""
