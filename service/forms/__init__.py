"""A form in one plan year: the folder of its files, its edition, and what of it was published."""
