"""The workbooks that are handed out: the sheet to fill in, its guide, the marked errors."""
