"""Compares two OpenAPI files: what was lost, loosened, tightened or added, route by route.

python -m tests.helpers.openapi_diff OLD.json NEW.json
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

METHODS = ("get", "post", "put", "patch", "delete")
UPPER, LOWER = ("maximum", "maxLength", "maxItems"), ("minimum", "minLength", "minItems")
FIXED = ("pattern", "format", "default", "const", "additionalProperties", "contentMediaType")


def compare(old, new):
    """Yields (operation, kind of change, where) for each difference; texts and examples do not count."""
    before, after = operations(old), operations(new)
    for name in sorted(before | after):
        if name not in after or name not in before:
            yield name, "lost" if name in before else "added", "route"
            continue
        for kind, where in _entries(facts(old, before[name]), facts(new, after[name])):
            yield name, kind, where


def operations(description):
    """The operations by method and path, each with the parameters of its path."""
    return {
        f"{method.upper()} {path}": {**methods[method], "parameters": _parameters(methods, method)}
        for path, methods in description["paths"].items()
        for method in METHODS
        if method in methods
    }


def _parameters(methods, method):
    listed = [*methods.get("parameters", ()), *methods[method].get("parameters", ())]
    return list({(one["in"], one["name"]): one for one in listed}.values())


def facts(description, operation):
    """What an operation promises, as one value for each place."""
    found = {"operationId": operation["operationId"], "tags": operation["tags"]}
    found |= {name: value for name, value in operation.items() if name.startswith("x-") or name == "security"}
    for one in operation["parameters"]:
        where = f"{one['in']} {one['name']}"
        found[where] = "required" if one.get("required") else "optional"
        found |= schema_facts(description, one["schema"], where)
    if body := operation.get("requestBody"):
        found["body"] = "required" if body.get("required") else "optional"
        found |= _contents(description, body, "body")
    for status, answer in operation["responses"].items():
        found[status] = ""
        found |= {f"{status} header {name}": "" for name in answer.get("headers", {})}
        found |= _contents(description, answer, status)
    return found


def _contents(description, holder, where):
    found = {}
    for media, content in holder.get("content", {}).items():
        found[f"{where} {media}"] = ""
        found |= schema_facts(description, content.get("schema", {}), f"{where} {media}")
        shown = content.get("examples", {}) or (["example"] if "example" in content else [])
        found |= {f"{where} {media} example {name}": "" for name in shown}
    return found


def schema_facts(description, schema, where):
    """The properties, types, required lists, enums and limits of a schema, its references resolved."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return schema_facts(description, description["components"]["schemas"][name], where)
    if kinds := [one for one in schema.get("anyOf", ()) if one != {"type": "null"}]:
        if len(kinds) < len(schema["anyOf"]):
            return schema_facts(description, kinds[0], where) | {f"{where}.nullable": True}
        inner = [schema_facts(description, one, f"{where}|{i}") for i, one in enumerate(kinds)]
        return {key: value for each in inner for key, value in each.items()}
    types = schema.get("type", [])
    types = [types] if isinstance(types, str) else types
    found = {f"{where}.type": sorted(set(types) - {"null"})} if set(types) - {"null"} else {}
    found |= {f"{where}.nullable": True} if "null" in types else {}
    values = [schema["const"]] if "const" in schema else schema.get("enum")
    found |= {f"{where}.enum": values} if values else {}
    found |= {f"{where}.{key}": schema[key] for key in (*UPPER, *LOWER) if key in schema}
    found |= {
        f"{where}.{key}": schema[key] for key in FIXED if schema.get(key) not in (None, {}) and key != "const"
    }
    for name, inner in schema.get("properties", {}).items():
        found[f"{where}/{name}"] = "required" if name in schema.get("required", ()) else "optional"
        found |= schema_facts(description, inner, f"{where}/{name}")
    if "items" in schema:
        found |= schema_facts(description, schema["items"], f"{where}[]")
    return found


def _entries(old, new):
    whole = {where for where in old.keys() ^ new.keys() if "/" in where or where.isdigit()}
    for where in sorted(old | new):
        if any(where.startswith((f"{above} ", f"{above}/", f"{above}.", f"{above}[")) for above in whole):
            continue  # what came or went with the whole is not listed again
        if where not in new:
            yield "lost", f"{where} = {old[where]!r}"
        elif where not in old:
            yield "added", f"{where} = {new[where]!r}"
        elif old[where] != new[where]:
            yield _kind(where, old[where], new[where]), f"{where}: {old[where]!r} → {new[where]!r}"


def _kind(where, old, new):
    field = where.rpartition(".")[2]
    if field in UPPER:
        return "loosened" if new > old else "tightened"
    if field in LOWER:
        return "loosened" if new < old else "tightened"
    if field in ("enum", "type"):
        return "loosened" if set(map(str, new)) - set(map(str, old)) else "tightened"
    if {old, new} == {"required", "optional"} if isinstance(old, str) and isinstance(new, str) else False:
        return "loosened" if new == "optional" else "tightened"
    return "changed"


def main():
    """Prints each difference, those of all routes alike once."""
    old, new = (json.loads(Path(name).read_text(encoding="utf-8")) for name in sys.argv[1:])
    routes = {}
    for name, kind, where in compare(old, new):
        routes.setdefault((kind, where), []).append(name)
    for (kind, where), names in sorted(routes.items()):
        print(f"{kind:10}{where}\n            {len(names)}: {', '.join(names)}")
    print(f"{len(operations(old))} routes before, {len(operations(new))} after; {len(routes)} differences")


if __name__ == "__main__":
    main()
