"""How well and how fast the comment judge judges: `python -m benchmarks.comment_judge [--errors]`.

Four things, from the least telling to the most:

1. The rows that the weights are fitted to, with the confusion by kind: what is hard to tell. Proves little.
2. The same rows, each judged by weights fitted to other rows (`comment_folds`). The word lists are not
   chosen anew in each fold, so batches whose errors were read while lists were mended flatter it a little.
3. Batches that nothing is fitted to (`comments.UNSEEN`), written by whoever wrote their other half.
4. What each batch gave at first sight, before a row of it was read: `tests/data/comments_first_sight.tsv`.

Rows labelled "b" are disputable: shown, not counted. A positive is a detailed comment, so low recall means
false accusations and low precision means empty talk let through.
"""

from __future__ import annotations

import argparse
from collections import Counter, defaultdict
from collections.abc import Sequence
from time import process_time

from benchmarks.comment_folds import print_unseen
from benchmarks.comments import DATA, FILES, Row, read_comments, read_unseen
from gatekeeper.judge.comments import Judgement, judge_comment

FIRST_SIGHT = DATA / "comments_first_sight.tsv"


def report(name: str, rows: Sequence[Row], *, errors: bool, fitted: bool = True) -> None:
    judged = [(row, judge_comment(row.text)) for row in rows]
    counted = [(row, found) for row, found in judged if row.label != "b"]
    table = Counter((row.label == "1", found.detailed) for row, found in counted)
    right = table[True, True] + table[False, False]
    precision = table[True, True] / max(1, table[True, True] + table[False, True])
    recall = table[True, True] / max(1, table[True, True] + table[True, False])
    refused = [(row, found) for row, found in counted if row.label == "0"]
    named = sum(row.why in found.reasons for row, found in refused)
    print(f"\n{name}, {'' if fitted else 'not '}fitted to: {len(counted)} counted")
    print(
        f"    accuracy {right / len(counted):.3f}  precision {precision:.3f}  recall {recall:.3f}", end="  "
    )
    print(f"reason as labelled {named}/{len(refused)}")
    disputable = [found.detailed for row, found in judged if row.label == "b"]
    if disputable:
        print(f"    disputable: {sum(disputable)} of {len(disputable)} admitted")
    print_kinds(counted)
    if errors:
        print_errors(counted)


def print_kinds(counted: Sequence[tuple[Row, Judgement]]) -> None:
    kinds: dict[tuple[str, str], Counter[bool]] = defaultdict(Counter)
    for row, found in counted:
        kinds[row.label, row.shape][found.detailed] += 1
    for (label, shape), seen in sorted(kinds.items()):
        wrong = "  <-" if seen[label == "0"] else ""
        print(f"    {label} {shape:22} admitted {seen[True]:3}  refused {seen[False]:3}{wrong}")


def print_errors(counted: Sequence[tuple[Row, Judgement]]) -> None:
    for row, found in counted:
        if found.detailed != (row.label == "1"):
            print(f"    {row.id} {row.kind}: {row.text!r}\n      {found}")


def print_first_sight() -> None:
    print("\nat first sight, before a row of the batch was read:")
    for line in FIRST_SIGHT.read_text(encoding="utf-8").splitlines():
        batch, judge, rows, accuracy, precision, recall, remark = line.split("\t")
        print(f"    {batch:20} {judge:15} {rows:>5} {accuracy:>9} {precision:>10} {recall:>7}  {remark}")


def speed(rows: Sequence[Row]) -> None:
    """Time a first pass, its words still unknown to the cache, and a worker that has run for a while."""
    for name, passes in (("fresh", 1), ("steady", 10)):
        started = process_time()
        for _ in range(passes):
            for row in rows:
                judge_comment(row.text)
        print(f"{name}: {passes * len(rows) / (process_time() - started):,.0f} comments/s on one core")


def main() -> None:
    parser = argparse.ArgumentParser(description="How well and how fast the comment judge judges.")
    parser.add_argument("--errors", action="store_true", help="print the comments judged wrongly")
    arguments = parser.parse_args()
    rows = read_comments()
    judge_comment("открыть словари")
    speed(rows)
    for name in FILES:
        report(name, [row for row in rows if row.file == name], errors=arguments.errors)
    unseen = read_unseen()
    for batch in dict.fromkeys(row.batch for row in unseen):
        report(batch, [row for row in unseen if row.batch == batch], errors=False, fitted=False)
    print_unseen([row for row in rows if row.label != "b"])
    print_first_sight()


if __name__ == "__main__":
    main()
