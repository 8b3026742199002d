"""Assembles the OpenAPI description, and adds the parts that no schema describes."""
