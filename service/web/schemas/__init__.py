"""What the JSON routes take and answer, as marshmallow schemas: they parse, dump and describe."""
