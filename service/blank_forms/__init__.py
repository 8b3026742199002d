"""Finds in a blank form the places that people fill in, with label and kind of each."""
