"""sqllineage on one core: each file by itself, table and column lineage. The job: { texts: [{ name, dialect, path }] }."""

import logging
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "peers"))
logging.disable(logging.CRITICAL)

from measured import answer  # noqa: E402
from sqllineage.runner import LineageRunner  # noqa: E402

DIALECTS = {"spark": "sparksql"}


def prepare(job):
    return lambda: work(job)


def work(job):
    edges, failed = 0, 0
    for text in job["texts"]:
        with open(text["path"]) as file:
            sql = file.read()
        if text["dialect"] == "tsql":
            sql = sql.replace("\nGO\n", ";\n")
        try:
            runner = LineageRunner(sql, dialect=DIALECTS.get(text["dialect"], text["dialect"]))
            edges += len(runner.get_column_lineage(exclude_subquery_columns=True))
        except Exception:  # A file that it refuses: counted, whatever the reason.
            failed += 1
    return {"files": len(job["texts"]), "edges": edges, "failed": failed}


answer(prepare)
