"""Marshmallow schemas of the JSON routes: they parse requests, dump responses and describe both."""
