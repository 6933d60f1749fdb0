"""Fit the comment judge's weights: `python -m benchmarks.comment_weights [BATCH ...] [--write]`.

Two logistic models over the same signals, one for each half of a detailed comment, fitted together: a comment
is detailed as likely as both halves are there. A row labelled detailed pulls both up; one refused for want of
a subject, or of an agreement, pulls down that half alone; any other refused row pulls down the product. Ridge
regression keeps a signal that few rows raise from mattering much.

Batches named are left out: what the judge then says of them is what it says of comments not seen.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from textwrap import fill

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_array

from benchmarks.comment_mixtures import MIXED_WEIGHT, make_up
from benchmarks.comments import Row, read_comments
from gatekeeper.judge.comments.clean import clean
from gatekeeper.judge.comments.signals import count_signals
from gatekeeper.judge.comments.weights import ALWAYS, Weights
from gatekeeper.judge.comments.words import take_apart

RAREST = 10  # rows that must raise a signal for it to have a weight
RIDGE = 1.0
RIDGE_ALWAYS = 0.01
WEIGHTS = Path(__file__).parent.parent / "gatekeeper" / "judge" / "comments" / "weights.py"
OPENING = 'FITTED = _table("""\n'


def fit(rows: Sequence[Row]) -> Weights:
    """Fit to the rows that are not disputable, and to what is made up out of them."""
    written = [row for row in rows if row.label != "b"]
    raised = Counter(name for row in written for name in signals_of(row.text))
    names = [ALWAYS, *sorted(name for name, times in raised.items() if times >= RAREST)]
    told = [*written, *make_up(written)]
    weights = np.array([1.0] * len(written) + [MIXED_WEIGHT] * (len(told) - len(written)))
    subject, agreement = _minimise(
        csr_array([[1.0, *(signals_of(row.text).get(name, 0.0) for name in names[1:])] for row in told]),
        np.array(["ok" if row.label == "1" else row.why for row in told]),
        weights,
        np.array([RIDGE_ALWAYS, *[RIDGE] * (len(names) - 1)]),
    )
    return dict(zip(names, zip(subject, agreement, strict=True), strict=True))


@cache
def signals_of(text: str) -> Mapping[str, float]:
    return count_signals(take_apart(clean(text)))


def _minimise(
    matrix: csr_array, labels: np.ndarray, counts: np.ndarray, ridge: np.ndarray
) -> list[list[float]]:
    """Find the weights of both halves under which the labels are the likeliest."""
    pulls = [_pull(labels, half) for half in ("no_subject", "no_agreement")]
    other = ~np.isin(labels, ("ok", "no_subject", "no_agreement"))

    def loss_and_slope(flat: np.ndarray) -> tuple[float, np.ndarray]:
        halves = flat.reshape(2, -1)
        odds = (matrix @ halves.T).T
        chance = 1 / (1 + np.exp(-np.clip(odds, -30, 30)))
        both = np.clip(chance.prod(axis=0), 1e-9, 1 - 1e-9)
        loss = np.where(other, -np.log1p(-both), 0.0)
        slope = np.where(other, both * (1 - chance) / (1 - both), 0.0)
        for half, (there, absent) in enumerate(pulls):
            loss += there * np.logaddexp(0, -odds[half]) + absent * np.logaddexp(0, odds[half])
            slope[half] += there * (chance[half] - 1) + absent * chance[half]
        penalty = (ridge * halves**2).sum() / 2
        return float((counts * loss).sum() + penalty), (
            (matrix.T @ (counts * slope).T).T + ridge * halves
        ).ravel()

    start = np.zeros(2 * matrix.shape[1])
    found = minimize(
        loss_and_slope, start, jac=True, method="L-BFGS-B", options={"maxiter": 1000, "ftol": 1e-10}
    )
    halves: list[list[float]] = found.x.reshape(2, -1).tolist()
    return halves


def _pull(labels: np.ndarray, missing: str) -> tuple[np.ndarray, np.ndarray]:
    """Say of which rows it is known that the half is there, and of which that it is missing.

    Where the agreement is missing, the subject is there; not so the other way round.
    """
    there = ("ok", "no_agreement") if missing == "no_subject" else ("ok",)
    return np.isin(labels, there), labels == missing


def write(weights: Weights) -> None:
    cells = (f"{name}|{subject:.2f}|{agreement:.2f}" for name, (subject, agreement) in weights.items())
    table = fill(" ; ".join(cells), 110, break_long_words=False, break_on_hyphens=False)
    before, _, _ = WEIGHTS.read_text(encoding="utf-8").partition(OPENING)
    WEIGHTS.write_text(f'{before}{OPENING}{table}\n""")\n', encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description="Fit the comment judge's weights to the labelled comments.")
    parser.add_argument("left_out", nargs="*", metavar="BATCH", help="batches that are not fitted to")
    parser.add_argument(
        "--write", action="store_true", help="put the weights into gatekeeper/judge/comments/weights.py"
    )
    arguments = parser.parse_args()
    rows = [row for row in read_comments() if row.batch not in arguments.left_out]
    weights = fit(rows)
    print(f"{len(weights)} signals, fitted to {sum(row.label != 'b' for row in rows)} comments")
    if arguments.write:
        write(weights)


if __name__ == "__main__":
    main()
