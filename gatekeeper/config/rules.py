"""The sections of the rules, one for each of `policy.RULE_IDS`.

New options need their keys in `OPTION_KEYS`, which a class of options inherits as its dataclass does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from functools import partial

from marshmallow.fields import Nested

from gatekeeper.config.forms import (
    Choice,
    Choices,
    DaysByStage,
    Domains,
    Flag,
    Grace,
    ModeOf,
    ModesById,
    Number,
    Period,
    Regions,
    Span,
    Whole,
)
from gatekeeper.config.section import Key, Section, section_type
from gatekeeper.judge import policy

OPTION_KEYS: Mapping[type[policy.RuleOptions], Mapping[str, Key]] = {
    policy.DealOptions: {
        "pipelines": Key(
            ModesById(ModeOf()),
        ),
    },
    policy.StageOptions: {
        "max_days": Key(
            DaysByStage(1, 3650),
        ),
    },
    policy.ProductsOptions: {
        "max_sum_deviation": Key(
            Number(0, 100, off=True),
        ),
    },
    policy.DealCommentOptions: {
        "sources": Key(
            Choices(("timeline", "comments_field")),
        ),
    },
    policy.DealLeadOptions: {
        "same_responsible": Key(
            Flag(),
        ),
    },
    policy.DealDuplicateOptions: {
        "scope": Key(
            Choice(("product_group", "client")),
        ),
    },
    policy.InactiveOptions: {
        "window": Key(
            Period(),
        ),
        "warn_before": Key(
            Period(off=True),
        ),
    },
    policy.LeadCommentOptions: {
        "require": Key(
            Choice(("any", "detailed")),
        ),
    },
    policy.NameOptions: {
        "patronymic": Key(Flag()),
    },
    policy.PhoneOptions: {
        "regions": Key(
            Regions(),
        ),
    },
    policy.BirthdateOptions: {
        "age": Key(
            Span(0, 150),
        ),
    },
    policy.StaffEmailOptions: {
        "company_domains": Key(
            Domains(),
        ),
        "shared_by": Key(
            Whole(2, 1000),
        ),
    },
    policy.ContactDuplicateOptions: {
        "fields_to_match": Key(
            Whole(2, 4),
        ),
        "name_similarity": Key(
            Number(0.5, 1),
        ),
    },
}


def keys_of(rule_id: str) -> dict[str, Key]:
    """Every key of that rule, its mode first."""
    mode = Key(
        ModeOf(rule_id),
    )
    departments = Key(
        ModesById(ModeOf(rule_id)),
    )
    grace = Key(
        Grace(),
    )
    fine = Key(
        Whole(0, 1_000_000_000),
    )
    keys = {"mode": mode, "departments": departments, "grace": grace, "fine": fine}
    for options in reversed(type(policy.Rules()[rule_id]).__mro__):
        keys |= OPTION_KEYS.get(options, {})
    return keys


def _section_of(rule_id: str) -> type[Section]:
    options = policy.Rules()[rule_id]
    return section_type(
        f"Rule {rule_id}",
        keys_of(rule_id),
        make=partial(replace, options),
        defaults={field.name: getattr(options, field.name) for field in fields(options)},
    )


def _rules_section() -> type[Section]:
    sections = {rule.replace(".", "_"): Nested(_section_of(rule), data_key=rule) for rule in policy.RULE_IDS}
    return section_type("Rules", sections, make=policy.Rules)


RulesSection = _rules_section()
