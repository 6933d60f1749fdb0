"""Exemptions in the config: what they load into, and what is wrong with one."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from gatekeeper.config import Config, load_config
from gatekeeper.config.exemptions import ExemptionSection
from gatekeeper.config.reference import render_example, render_reference
from gatekeeper.config.section import Key
from gatekeeper.config.toml import render_config
from gatekeeper.messages.words import LANGUAGES, Language
from gatekeeper.model.errors import ConfigError
from gatekeeper.model.exemption import Exemption
from gatekeeper.model.refs import EntityRef, Kind

ENVIRON = {
    "GATEKEEPER_PORTAL_URL": "https://company.bitrix24.ru/rest/1/c0debehindthedoor/",
    "GATEKEEPER_APPLICATION_TOKENS": "first",
    "GATEKEEPER_LANGUAGE": "en",
}
MINIMAL = '[fields]\nproduct_group = "UF_CRM_1"\n'
WHO = 'reason = "why"\nauthor = "who"\n'
FULL = (
    MINIMAL
    + f"""
[exemptions.migration]
{WHO}
entity = "contact:84"
rule = "contact.name"
part = "second_name"
source = "WEB"
user = 12
until = 2026-12-31
[exemptions."партнёры \\"А\\""]
{WHO}
pipeline = 0
"""
)


def load(folder: Path, text: str) -> Config:
    file = folder / "gatekeeper.toml"
    file.write_text(text, encoding="utf-8")
    return load_config(file, ENVIRON)


def test_every_condition_reaches_the_policy_under_the_tables_name(tmp_path: Path) -> None:
    assert load(tmp_path, FULL).policy.exemptions == (
        Exemption(
            id="config:migration",
            reason="why",
            author="who",
            entity=EntityRef(Kind.CONTACT, 84),
            rule="contact.name",
            part="second_name",
            source="WEB",
            user=12,
            until=date(2026, 12, 31),
        ),
        Exemption(id='config:партнёры "А"', reason="why", author="who", pipeline=0),
    )


def test_what_show_prints_loads_into_the_same_exemptions(tmp_path: Path) -> None:
    config = load(tmp_path, FULL)
    assert load(tmp_path, render_config(config)).policy == config.policy


def test_the_order_of_the_tables_does_not_change_the_revision(tmp_path: Path) -> None:
    one, other = (f"[exemptions.{name}]\n{WHO}user = 1\n" for name in "ab")
    revisions = {load(tmp_path, MINIMAL + text).policy.revision for text in (one + other, other + one)}
    assert len(revisions) == 1


@pytest.mark.parametrize(
    ("text", "place", "says"),
    [
        ("user = 1", (4, "exemptions.a.reason"), "is required"),
        (WHO, (4, "exemptions.a"), "would turn off every rule"),
        (WHO + 'part = "second_name"\nuser = 1', (7, "exemptions.a.part"), "also set the rule"),
        (WHO + 'entity = "deal:0"', (7, "exemptions.a.entity"), 'such as "deal:662"'),
        (WHO + "entity = 662", (7, "exemptions.a.entity"), 'such as "deal:662"'),
        (WHO + 'entity = "comment:5"', (7, "exemptions.a.entity"), 'such as "deal:662"'),
        (
            WHO + 'rule = "contact.name"\nentity = "deal:1"',
            (8, "exemptions.a.entity"),
            "does not apply to this kind of card",
        ),
        (WHO + 'rule = "lead.comment"\npipeline = 1', (8, "exemptions.a.pipeline"), "only deals"),
        (WHO + 'rule = "deal.coment"', (7, "exemptions.a.rule"), 'did you mean "deal.comment"'),
        (WHO + 'user = 1\nuntil = "2026-12-31"', (8, "exemptions.a.until"), "without quotes"),
        (WHO + "user = 1\nuntil = 2026-12-31T00:00:00", (8, "exemptions.a.until"), "without quotes"),
        (WHO + "user = 1\nuntill = 2026-12-31", (8, "exemptions.a.untill"), "did you mean until"),
        (WHO + 'source = "two words"', (7, "exemptions.a.source"), "without spaces"),
        ("_schema = 1\n" + WHO + "user = 1", (5, "exemptions.a._schema"), "unknown key"),
    ],
)
def test_a_wrong_exemption_says_what_and_where(
    tmp_path: Path, text: str, place: tuple[int, str], says: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, f"{MINIMAL}\n[exemptions.a]\n{text}\n")
    found = {(each.line, each.key): f"{each.what} {each.hint}" for each in caught.value.problems}
    assert says in found[place]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("exemptions = 1\n" + MINIMAL, "must be a table"),
        (MINIMAL + "[[exemptions]]\n" + WHO, "must be a table"),
        (MINIMAL + "[exemptions]\na = 1\n", "must be a table"),
        (MINIMAL + f'[exemptions.""]\n{WHO}user = 1\n', "1 to 64"),
        (MINIMAL + f"[exemptions.{'a' * 65}]\n{WHO}user = 1\n", "1 to 64"),
    ],
)
def test_what_is_no_table_of_a_name_is_explained(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, text)
    (problem,) = caught.value.problems
    assert says in f"{problem.what} {problem.hint}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_reference_names_every_key_of_an_exemption(language: Language) -> None:
    page = render_reference(language)
    for name, key in ExemptionSection().named().items():
        assert isinstance(key, Key)
        assert f"| `exemptions.NAME.{name}` | {key.form.allowed(language)} |" in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_examples_exemption_may_be_put_in_force(tmp_path: Path, language: Language) -> None:
    lines = render_example(language).split("# [exemptions.migration]")[1].splitlines()
    keys = ExemptionSection().named()
    given = [line[2:] for line in lines if line[2:].split(" = ")[0] in keys]
    assert [each.split(" = ")[0] for each in given] == list(keys)
    (exemption,) = load(tmp_path, MINIMAL + "[exemptions.a]\n" + "\n".join(given)).policy.exemptions
    assert (exemption.rule, exemption.part, exemption.until) == ("deal.lead", "missing", date(2026, 12, 31))
