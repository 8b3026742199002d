"""A file of any format becomes items: JSON lines, sheets, their headings and cells."""
