"""The parts of the OpenAPI description that no schema can say, and its assembly."""
