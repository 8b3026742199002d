"""An edition as form controls: sections, fields, a posted form as payload."""
