"""Seven tables of orders by Polars, lazy and on the streaming engine, in two ways, each with and without quotes in the text format.

frame: the rows that are wanted are collected, and seven queries read them.
at once: seven queries over one scan are collected together.
"""

import os

import polars as pl

from measured import answer


def prepare(job):
    return lambda: tables(job)


def tables(job):
    rows = scan(job)
    at_once = job["way"].startswith("at once")
    if not at_once:
        rows = rows.collect(engine="streaming").lazy()
    queries = [table(job, rows, each) for each in job["tables"].values()]
    frames = pl.collect_all(queries, engine="streaming" if at_once else "in-memory")
    for name, frame in zip(job["tables"], frames):
        frame.write_parquet(os.path.join(job["out"], f"{name}.parquet"))
    return {"file": job["out"]}


def scan(job):
    def kind(name):
        return pl.String if name == job["text"] else pl.Int32 if name in job["narrow"] else pl.Int64

    quote = None if job["way"].endswith("no quotes") else '"'
    rows = pl.scan_csv(job["file"], schema={name: kind(name) for name in job["columns"]}, quote_char=quote)
    if job["selection"]:
        wanted = job["selection"]
        time = pl.col("timestamp")
        rows = rows.filter(
            (time >= int(wanted["from"])) & (time < int(wanted["before"]))
            & pl.col("security_code").is_in(wanted["securities"]) & (pl.col("participantid") == wanted["participant"])
        )
    return rows.select(job["needed"])


def table(job, rows, about):
    by = about["by"]
    if by == "size_bucket":
        rows = rows.filter(pl.col("quantity") > 0)
    return rows.group_by(group(job, by).alias("group")).agg([statistic(*value) for value in about["values"]]).rename({"group": by})


def group(job, by):
    time, quantity = pl.col("timestamp"), pl.col("quantity")
    if by == "size_bucket":
        # Comparisons that are added up cost less than a chain of conditions.
        return sum((quantity > border).cast(pl.Int8) for border in job["borders"][1:])
    groups = {"date": time // job["day"], "hour": time // job["hour"] % 24, "timestamp_hour": time // job["hour"] * job["hour"]}
    return groups.get(by, pl.col(by))


def statistic(name, does, column):
    value = pl.col(column)
    value = value.drop_nulls().n_unique() if does == "distinct" else getattr(value, does)()
    return value.alias(name)


answer(prepare)
