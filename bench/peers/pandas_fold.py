"""The fold as a data frame user writes it first: pandas, file by file, with the labels merged row by row where texts are not seen before."""

import json
from functools import cache

import pandas as pd

from measured import answer

KEY = ["day", "namespace", "node", "merged"]


def prepare(job):
    return lambda: fold(job)


def fold(job):
    keys = job["keys"]
    nodes, namespaces = owners(job, "node", "nodeLabelFiles"), owners(job, "namespace", "namespaceLabelFiles")

    @cache
    def labels(text):
        return {} if not isinstance(text, str) else {key: value for key, value in json.loads(text).items() if key in keys}

    @cache
    def merged(node, namespace, text):
        found = {**labels(node), **labels(namespace), **labels(text)}
        return tuple(found.get(key) for key in keys)

    pieces = []
    for path in job["podFiles"]:
        rows = pd.read_parquet(path)
        rows = rows[(rows.interval_start >= job["start"]) & (rows.interval_start < job["end"]) & rows.node.notna() & (rows.node != "")]
        rows["day"] = rows.interval_start.dt.date
        rows = rows.merge(nodes, on=["day", "node"], how="left").merge(namespaces, on=["day", "namespace"], how="left")
        texts = zip(rows.node_labels, rows.namespace_labels, rows.pod_labels)
        # Without labels of its own a pod has none at all.
        rows["merged"] = [merged(node, namespace, text) if isinstance(text, str) else None for node, namespace, text in texts]
        pieces.append(summed(rows.assign(**first_values(rows, job["isDaily"]))))
    rows = summed(pd.concat(pieces)).reset_index(drop=True)
    rows["labelled"] = rows.merged.notna()
    columns = pd.DataFrame([value if isinstance(value, tuple) else (None,) * len(keys) for value in rows.merged], columns=keys, dtype="object")
    rows = pd.concat([rows.drop(columns="merged"), columns], axis=1)
    for at, name in enumerate(job["measures"]):
        rows[name] = rows.pop(f"m{at}") / [1, 3600, 3600 * 1073741824, 1073741824][(0 if at == 8 else 3 if at == 9 else 1 if at < 4 else 2)]
    if job["file"]:
        rows.to_parquet(job["file"])
        return {"file": job["file"]}
    return {"rowsOut": len(rows)}


def first_values(rows, is_daily):
    values = []
    for unit in ("cpu_core_seconds", "memory_byte_seconds"):
        usage, request = rows[f"pod_usage_{unit}"], rows[f"pod_request_{unit}"]
        larger = pd.concat([usage, request], axis=1).max(axis=1)
        effective = rows[f"pod_effective_usage_{unit}"].fillna(larger) if is_daily else larger
        values += [usage, request, effective, rows[f"pod_limit_{unit}"]]
    values += [rows.node_capacity_cpu_cores, rows.node_capacity_memory_bytes]
    return {f"m{at}": value for at, value in enumerate(values)}


def summed(rows):
    how = {f"m{at}": "sum" if at < 8 else "max" for at in range(10)}
    return rows.groupby(KEY, dropna=False, sort=False).agg(how).reset_index()


def owners(job, name, files):
    rows = pd.concat(pd.read_parquet(path) for path in job[files])
    rows = rows.assign(day=rows.interval_start.dt.date)
    return rows[["day", name, f"{name}_labels"]].drop_duplicates()


answer(prepare)
