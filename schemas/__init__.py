"""The forms' schemas and field types, and the table of editions; imports nothing by itself."""
