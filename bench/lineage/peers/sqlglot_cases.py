"""sqlglot on texts that each have a catalogue of their own: [{ name, dialect, text, known }] on standard input, what it finds on standard output."""

import json
import sys

from sqlglot_edges import text_edges

found = {}
for case in json.load(sys.stdin):
    structured, edges = text_edges(case["text"], case["dialect"], known=case["known"])
    found[case["name"]] = {"structured": structured, "edges": sorted(edges)}
json.dump(found, sys.stdout)
