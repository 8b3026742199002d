"""The PDF after LibreOffice: the same bytes each time, attachments, page images, differences."""
