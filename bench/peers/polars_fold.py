"""The fold by Polars, lazy and on the streaming engine, in the same two ways as DuckDB's; see duckdb-fold.mjs."""

from datetime import datetime

import polars as pl

from measured import answer

KEY = ["day", "namespace", "node"]
DAY = pl.col("interval_start").dt.date().alias("day")


def prepare(job):
    return lambda: fold(job)


def fold(job):
    keys = job["keys"]
    pods = {"two-phase": in_two_phases, "direct": directly}[job["way"]](job)
    nodes, namespaces = owners(job, "node", "nodeLabelFiles"), owners(job, "namespace", "namespaceLabelFiles")
    merged = [pl.when("labelled").then(pl.coalesce(key, f"namespace {key}", f"node {key}")).alias(key) for key in keys]
    rows = pods.join(nodes, on=["day", "node"], how="left").join(namespaces, on=["day", "namespace"], how="left").with_columns(merged)
    rows = rows.group_by(*KEY, "labelled", *keys).agg(sums_again()).select(*KEY, "labelled", *keys, *scaled(job["measures"]))
    if job["file"]:
        rows.sink_parquet(job["file"], engine="streaming")
        return {"file": job["file"]}
    return {"rowsOut": rows.collect(engine="streaming").height}


def in_two_phases(job):
    keys = job["keys"]
    texts = scan(job, "podFiles").filter(pl.col("node") != "").group_by(DAY, "namespace", "node", pl.col("pod_labels").alias("text"))
    texts = texts.agg(first_sums(job["isDaily"])).collect(engine="streaming")
    kept = parsed(texts["text"].unique(), keys).with_columns(pl.col("text").is_not_null().alias("labelled"))
    # Sets of labels are numbered, so that the second grouping compares numbers instead of texts.
    sets = kept.select("labelled", *keys).unique().with_row_index("set")
    numbers = kept.join(sets, on=["labelled", *keys], nulls_equal=True).select("text", "set")
    pods = texts.lazy().join(numbers.lazy(), on="text", how="left", nulls_equal=True).group_by(*KEY, "set").agg(sums_again())
    return pods.join(sets.lazy(), on="set", how="left")


def directly(job):
    keys = job["keys"]
    rows = scan(job, "podFiles").filter(pl.col("node") != "").with_columns(pl.col("pod_labels").is_not_null().alias("labelled"))
    rows = rows.with_columns(pl.col("pod_labels").str.json_decode(labels(keys)).struct.unnest())
    return rows.group_by(DAY, "namespace", "node", "labelled", *keys).agg(first_sums(job["isDaily"]))


def scan(job, files):
    start, end = (datetime.fromisoformat(job[day]) for day in ("start", "end"))
    rows = pl.scan_parquet(job[files], hive_partitioning=False)
    return rows.filter((pl.col("interval_start") >= start) & (pl.col("interval_start") < end))


def first_sums(is_daily):
    sums = []
    for unit in ("cpu_core_seconds", "memory_byte_seconds"):
        usage, request = f"pod_usage_{unit}", f"pod_request_{unit}"
        larger = pl.max_horizontal(usage, request)
        effective = pl.coalesce(f"pod_effective_usage_{unit}", larger) if is_daily else larger
        sums += [pl.col(usage).sum(), pl.col(request).sum(), effective.sum(), pl.col(f"pod_limit_{unit}").sum()]
    largest = [pl.col("node_capacity_cpu_cores").max(), pl.col("node_capacity_memory_bytes").max()]
    return [value.alias(f"m{at}") for at, value in enumerate(sums + largest)]


def sums_again():
    return [pl.col(f"m{at}").sum() for at in range(8)] + [pl.col(f"m{at}").max() for at in (8, 9)]


def parsed(texts, keys):
    """One column per key beside each text; keys that nobody asks for are not read."""
    return pl.DataFrame({"text": texts}).with_columns(pl.col("text").str.json_decode(labels(keys)).struct.unnest())


def labels(keys):
    return pl.Struct({key: pl.String for key in keys})


def owners(job, name, files):
    """The distinct label sets of each node (namespace) and day."""
    keys = job["keys"]
    rows = scan(job, files).select(DAY, name, pl.col(f"{name}_labels").alias("text")).unique().collect(engine="streaming")
    rows = rows.join(parsed(rows["text"].unique(), keys), on="text", how="left", nulls_equal=True)
    return rows.select("day", name, *[pl.col(key).alias(f"{name} {key}") for key in keys]).unique().lazy()


def scaled(measures):
    hours, gigabytes = 1 / 3600, 1 / 1073741824
    factors = [hours] * 4 + [hours * gigabytes] * 4 + [1, gigabytes]
    return [(pl.col(f"m{at}") * factor).alias(name) for at, (name, factor) in enumerate(zip(measures, factors))]


answer(prepare)
