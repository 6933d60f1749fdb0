"""How well the judge does on comments that its weights were not fitted to."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

from benchmarks.comment_weights import fit
from benchmarks.comments import Row
from gatekeeper.judge.comments import judge_comment

FOLDS = 10


def print_unseen(rows: Sequence[Row]) -> None:
    """Ten folds; and each batch by weights fitted to all others: other authors, other trades."""
    batches = [row.batch for row in rows]
    for name, groups in ((f"{FOLDS} folds", _folds(rows)), ("each batch left out", batches)):
        admitted = _judge_unseen(rows, groups)
        detailed = {row for row in rows if row.label == "1"}
        right = {row for row in rows if (row in admitted) == (row in detailed)}
        print(
            f"\n{name}: accuracy {len(right) / len(rows):.3f}  "
            f"precision {len(admitted & detailed) / len(admitted):.3f}  "
            f"recall {len(admitted & detailed) / len(detailed):.3f} of {len(rows)}"
        )
        for batch in dict.fromkeys(batches):
            own = {row for row in rows if row.batch == batch}
            print(f"    {batch:20} {len(own & right) / len(own):.3f} of {len(own)}")


def _judge_unseen(rows: Sequence[Row], groups: Sequence[str]) -> set[Row]:
    """Find the rows admitted by weights fitted to the rows of all other groups."""
    admitted = set()
    for group in dict.fromkeys(groups):
        weights = fit([row for row, each in zip(rows, groups, strict=True) if each != group])
        own = (row for row, each in zip(rows, groups, strict=True) if each == group)
        admitted |= {row for row in own if judge_comment(row.text, weights=weights).detailed}
    return admitted


def _folds(rows: Sequence[Row]) -> list[str]:
    """Deal the rows of each kind out in the order of a hash, so that every run has the same folds."""
    ranked = sorted(rows, key=lambda row: (row.label, row.shape, sha256(row.text.encode()).hexdigest()))
    fold = {row: str(number % FOLDS) for number, row in enumerate(ranked)}
    return [fold[row] for row in rows]
