"""Where the fields of a document are on its pages."""
