"""Generated workbooks: the blank sheet, its guide, the rows with marked errors."""
