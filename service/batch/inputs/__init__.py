"""Reads an input file of any format into items: JSON lines, sheets, their headings and cells."""
