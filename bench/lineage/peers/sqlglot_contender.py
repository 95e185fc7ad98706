"""sqlglot on one core: files to statements, columns of all tables of a dialect, then column edges. The job: { texts: [{ name, dialect, path }], edges: file or null }."""

import json
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "peers"))

from measured import answer  # noqa: E402
from sqlglot_edges import edges, is_structured, parsed, schema_of  # noqa: E402


def prepare(job):
    return lambda: work(job)


def work(job):
    held = []
    for text in job["texts"]:
        with open(text["path"]) as file:
            held.append((text, list(parsed(file.read(), text["dialect"]))))
    schemas = {}
    for dialect in {text["dialect"] for text, _ in held}:
        schemas[dialect] = schema_of([one for text, all in held if text["dialect"] == dialect for one in all], dialect, {})
    found = {}
    for text, expressions in held:
        pairs = {pair for one in expressions for pair in edges(one, text["dialect"], schemas[text["dialect"]], lambda name: None)}
        found[text["name"]] = {"structured": sum(1 for one in expressions if is_structured(one)), "edges": sorted(pairs)}
    if job["edges"]:
        with open(job["edges"], "w") as out:
            json.dump(found, out)
    return {"files": len(found), "edges": sum(len(one["edges"]) for one in found.values()), "structured": sum(one["structured"] for one in found.values())}


answer(prepare)
