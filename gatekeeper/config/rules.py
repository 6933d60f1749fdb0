"""The sections of the rules, one for each of `policy.RULE_IDS`.

A new rule needs its entry in `RULE_MEANINGS`; new options need their keys in `OPTION_KEYS`, which a class of
options inherits as its dataclass does.
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
from gatekeeper.config.section import Key, Meaning, Section, section_type
from gatekeeper.judge import policy

RULE_MEANINGS: Mapping[str, Meaning] = {
    "deal.product_group": Meaning("В сделке выбрана группа продуктов.", "The deal has a product group."),
    "deal.stage": Meaning("Стадия сделки актуальна.", "The deal's stage is up to date."),
    "deal.contact": Meaning("К сделке привязан ровно один контакт.", "The deal has exactly one contact."),
    "deal.comment": Meaning("В сделке есть развёрнутый комментарий.", "The deal has a detailed comment."),
    "deal.products": Meaning("В сделке есть товар и сумма.", "The deal has a product and a sum."),
    "deal.lead": Meaning("Сделка создана на основании лида.", "The deal was made from a lead."),
    "deal.duplicate": Meaning(
        "У клиента нет второй открытой сделки на ту же группу продуктов.",
        "The client has no second open deal on the same product group.",
    ),
    "deal.inactive": Meaning(
        "С клиентом открытой сделки говорят не реже, чем требует срок.",
        "Somebody talks to the client of an open deal often enough.",
    ),
    "lead.interaction": Meaning(
        "С клиентом сконвертированного лида говорили.", "Somebody talked to a converted lead's client."
    ),
    "lead.comment": Meaning("В сконвертированном лиде есть комментарий.", "A converted lead has a comment."),
    "lead.outcome": Meaning(
        "Сконвертированный лид закончился контактом и сделкой.",
        "A converted lead ended in a contact and a deal.",
    ),
    "contact.name": Meaning("В контакте заполнено ФИО.", "The contact has its full name."),
    "contact.phone": Meaning("В контакте заполнен мобильный телефон.", "The contact has a mobile phone."),
    "contact.birthdate": Meaning("В контакте заполнена дата рождения.", "The contact has a birth date."),
    "contact.email": Meaning("В контакте заполнен частный e-mail.", "The contact has a private e-mail."),
    "contact.staff_email": Meaning(
        "В контакте клиента нет почты сотрудников.", "No employee's e-mail stands in a client's contact."
    ),
    "contact.duplicate": Meaning("Контакт не повторяет более ранний.", "The contact repeats no earlier one."),
}

OPTION_KEYS: Mapping[type[policy.RuleOptions], Mapping[str, Key]] = {
    policy.DealOptions: {
        "pipelines": Key(
            ModesById(ModeOf()),
            "Воронки, где режим другой. Если отдел и воронка названы оба, берётся более мягкий режим.",
            "Pipelines where the mode is another one. Where both name the card, the milder mode holds.",
        ),
    },
    policy.StageOptions: {
        "max_days": Key(
            DaysByStage(1, 3650),
            "Сколько дней сделка может стоять в стадии; для стадий, которых здесь нет, срока нет.",
            "Days a deal may stand in a stage; stages not named here have no limit.",
        ),
    },
    policy.ProductsOptions: {
        "max_sum_deviation": Key(
            Number(0, 100, off=True),
            "На сколько процентов сумма сделки может расходиться с суммой товаров.",
            "How far, in per cent, the deal's sum may lie from the total of its products.",
        ),
    },
    policy.DealCommentOptions: {
        "sources": Key(
            Choices(("timeline", "comments_field")),
            "Где может стоять развёрнутый комментарий: в таймлайне, в поле «Комментарий».",
            "Where the detailed comment may stand: in the timeline, in the comment field.",
        ),
    },
    policy.DealLeadOptions: {
        "same_responsible": Key(
            Flag(),
            "Ответственный за сделку должен был отвечать и за лид этого клиента.",
            "The deal's responsible must have been responsible for a lead of this client.",
        ),
    },
    policy.DealDuplicateOptions: {
        "scope": Key(
            Choice(("product_group", "client")),
            "Какая вторая открытая сделка клиента лишняя: на ту же группу продуктов или любая.",
            "Which second open deal of a client is one too many: on the same product group, or any.",
        ),
    },
    policy.InactiveOptions: {
        "window": Key(
            Period(),
            "За какой срок нужны взаимодействие и развёрнутый комментарий.",
            "Within which time an interaction and a detailed comment are due.",
        ),
        "warn_before": Key(
            Period(off=True),
            "За сколько до того, как сделка станет неактивной, сказать об этом в карточке.",
            "How long before a deal falls inactive the card says so.",
        ),
    },
    policy.LeadCommentOptions: {
        "require": Key(
            Choice(("any", "detailed")),
            "Какой комментарий нужен: любой или развёрнутый.",
            "Which comment is due: any, or a detailed one.",
        ),
    },
    policy.NameOptions: {
        "patronymic": Key(Flag(), "Обязательно ли отчество.", "Whether the patronymic is mandatory."),
    },
    policy.PhoneOptions: {
        "regions": Key(
            Regions(),
            "К каким странам по порядку примеряется номер без кода страны.",
            "Countries tried, in order, for a number without a country code.",
        ),
    },
    policy.BirthdateOptions: {
        "age": Key(
            Span(0, 150),
            "Наименьший и наибольший возраст, полных лет.",
            "Youngest and oldest age, in full years.",
        ),
    },
    policy.StaffEmailOptions: {
        "company_domains": Key(
            Domains(),
            "Почтовые домены компании: любой адрес в них считается рабочим.",
            "The company's mail domains: every address in them counts as an employee's.",
        ),
        "shared_by": Key(
            Whole(2, 1000),
            "В контактах скольких разных людей адрес или телефон уже ничей; не считается и для дублей.",
            "In the contacts of how many people an address or phone is nobody's; for duplicates, too.",
        ),
    },
    policy.ContactDuplicateOptions: {
        "fields_to_match": Key(
            Whole(2, 4),
            "Сколько из четырёх (ФИО, телефон, дата рождения, e-mail) должно совпасть.",
            "How many of the four (full name, phone, birth date, e-mail) must agree.",
        ),
        "name_similarity": Key(
            Number(0.5, 1),
            "Какая доля букв должна совпасть, чтобы счесть имя тем же, но с опечаткой.",
            "The share of letters that must be right for a name to count as mistyped.",
        ),
    },
}


def keys_of(rule_id: str) -> dict[str, Key]:
    """Every key of that rule, its mode first."""
    mode = Key(
        ModeOf(rule_id),
        "Что делать при нарушении: ничего, записать, предупредить, вернуть сделку на стадию назад.",
        "What a violation leads to: nothing, a record, a warning, the deal moved back.",
    )
    departments = Key(
        ModesById(ModeOf(rule_id)),
        "Отделы, где режим другой; отдел берётся у ответственного, подчинённые отделы считаются.",
        "Departments where the mode is another one; the responsible's counts, and what it belongs to.",
    )
    grace = Key(
        Grace(),
        "Отсрочка: сколько после обнаружения нарушение только показывается со сроком, но не считается и не "
        "возвращает сделку.",
        "Grace: how long after it is found a violation is only shown, with its time, but neither counts nor "
        "moves a deal back.",
    )
    fine = Key(
        Whole(0, 1_000_000_000),
        "Штраф за нарушение, в валюте из `[fines]`: записывается в журнал при открытии нарушения.",
        "The fine for a violation, in the currency of `[fines]`: recorded when the violation opens.",
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
        meaning=RULE_MEANINGS.get(rule_id, Meaning()),
    )


def _rules_section() -> type[Section]:
    sections = {rule.replace(".", "_"): Nested(_section_of(rule), data_key=rule) for rule in policy.RULE_IDS}
    return section_type("Rules", sections, make=policy.Rules)


RulesSection = _rules_section()
