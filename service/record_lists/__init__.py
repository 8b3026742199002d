"""Lists of records: as a spreadsheet, as CSV, and as a register to be printed."""
