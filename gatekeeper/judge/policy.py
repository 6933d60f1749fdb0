"""Policy: the admin's rules as frozen values, in the shape in which the rules read them.

`gatekeeper.config` builds one from the TOML; nothing here reads a file. `Policy.revision` is a hash of all
that can change a verdict, and every decision carries it.
"""

from __future__ import annotations

import hashlib
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum

from gatekeeper.judge.comments import DEFAULT_LEXICON, Lexicon
from gatekeeper.model.exemption import Exemption


class Mode(StrEnum):
    """How far a rule's violation may go; each mode includes the ones before it."""

    OFF = "off"
    OBSERVE = "observe"
    WARN = "warn"
    REVERT = "revert"


@dataclass(frozen=True, slots=True)
class Modes:
    """A mode, and the departments for whose cards it is another; `judge.modes` tells which holds."""

    mode: Mode = Mode.WARN
    departments: Mapping[int, Mode] = field(default_factory=dict, kw_only=True)


@dataclass(frozen=True, slots=True)
class Ceiling(Modes):
    """How far any rule may go: for a pilot in one department, or a pipeline where nothing is moved back."""

    mode: Mode = Mode.REVERT
    pipelines: Mapping[int, Mode] = field(default_factory=dict, kw_only=True)


@dataclass(frozen=True, slots=True)
class GracePeriod:
    """How long a violation is only told of.

    >>> [str(GracePeriod(minutes)) for minutes in (90, 120, 2880)]
    ['90 minutes', '2 hours', '2 days']
    """

    minutes: int

    def after(self, moment: datetime) -> datetime:
        return moment + timedelta(minutes=self.minutes)

    def __str__(self) -> str:
        names = {24 * 60: "days", 60: "hours", 1: "minutes"}
        size = next(name for name in names if self.minutes % name == 0)
        return f"{self.minutes // size} {names[size]}"


@dataclass(frozen=True, slots=True)
class RuleOptions(Modes):
    """What every rule has. Contacts and leads have no stage to move back, so for them REVERT is refused.

    `grace` is None where a violation counts at once. `fine` is what it costs, in whole units of
    `Fines.currency`; recorded, charged by nobody here.
    """

    grace: GracePeriod | None = field(default=None, kw_only=True)
    fine: int = field(default=0, kw_only=True)


@dataclass(frozen=True, slots=True)
class DealOptions(RuleOptions):
    """What every rule on deals has; nothing else stands in a pipeline."""

    pipelines: Mapping[int, Mode] = field(default_factory=dict, kw_only=True)


@dataclass(frozen=True, slots=True)
class MandatoryOptions(DealOptions):
    """A mandatory field of a deal: without it the deal does not move on."""

    mode: Mode = Mode.REVERT


@dataclass(frozen=True, slots=True)
class StageOptions(MandatoryOptions):
    """`max_days`: full stage id -> days a deal may stand there."""

    max_days: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ProductsOptions(MandatoryOptions):
    """`max_sum_deviation`: how far, in per cent of the rows' total, the sum may lie from it; None is off."""

    max_sum_deviation: float | None = None


@dataclass(frozen=True, slots=True)
class NameOptions(RuleOptions):
    """`patronymic`: whether an empty one is a violation."""

    patronymic: bool = True


@dataclass(frozen=True, slots=True)
class PhoneOptions(RuleOptions):
    """`regions`: ISO codes tried, in order, for numbers typed without a country code."""

    regions: tuple[str, ...] = ("RU",)


@dataclass(frozen=True, slots=True)
class BirthdateOptions(RuleOptions):
    """`age`: youngest and oldest age in full years, both admitted."""

    age: tuple[int, int] = (10, 100)


@dataclass(frozen=True, slots=True)
class DealCommentOptions(MandatoryOptions):
    """`sources`: where a detailed comment may stand, "timeline" and "comments_field"."""

    sources: tuple[str, ...] = ("timeline",)


@dataclass(frozen=True, slots=True)
class DealLeadOptions(DealOptions):
    """`same_responsible`: the deal's responsible must have been responsible for a lead of this client."""

    same_responsible: bool = False


END_OF_TIME = datetime(9999, 12, 30, tzinfo=UTC)  # a day short, so that any zone can tell it
LAST_MOMENT = time.max


def _in_month(moment: datetime, months: int) -> datetime:
    """The same day and time so many months on."""
    month = moment.year * 12 + moment.month - 1 + months
    year, month = month // 12, month % 12 + 1
    last = monthrange(year, month)[1]
    if moment.day <= last:
        return moment.replace(year=year, month=month)
    return datetime.combine(moment.replace(year=year, month=month, day=last), LAST_MOMENT, moment.tzinfo)


@dataclass(frozen=True, slots=True)
class Duration:
    """Calendar months and days; "2 months" before 30 April is the last of February.

    A day that a month does not have is that month's very last moment, so that a later moment never lies
    before an earlier one: else a window's edge would go back at a month's end, and a deal with it.

    >>> from datetime import UTC, datetime
    >>> str(Duration(months=2)), Duration(months=2).before(datetime(2026, 4, 30, tzinfo=UTC)).date()
    ('2 months', datetime.date(2026, 2, 28))
    >>> Duration(months=2).after(datetime(2026, 12, 31, 9, tzinfo=UTC)).date()
    datetime.date(2027, 2, 28)
    """

    months: int = 0
    days: int = 0

    def before(self, moment: datetime) -> datetime:
        return _in_month(moment, -self.months) - timedelta(days=self.days)

    def after(self, moment: datetime) -> datetime:
        """The last moment of which `before` does not lie after `moment`; the calendar's end beyond it."""
        try:
            return _in_month(moment + timedelta(days=self.days), self.months)
        except (OverflowError, ValueError):
            return END_OF_TIME

    def __str__(self) -> str:
        return f"{self.months} months" if self.months else f"{self.days} days"


@dataclass(frozen=True, slots=True)
class InactiveOptions(DealOptions):
    """`window`: how long ago the last interaction and the last detailed comment may lie.

    `warn_before`: how long before a deal falls inactive that is announced in it; None is never.
    """

    window: Duration = Duration(months=2)
    warn_before: Duration | None = Duration(days=7)


@dataclass(frozen=True, slots=True)
class DealDuplicateOptions(DealOptions):
    """`scope`: which open deals of a client exclude each other: on one "product_group", or all ("client")."""

    scope: str = "product_group"


@dataclass(frozen=True, slots=True)
class StaffEmailOptions(RuleOptions):
    """`company_domains`: lower-case, what lies below them included.

    `shared_by`: an address or phone in the cards of so many people is nobody's own, for duplicates, too.
    """

    company_domains: tuple[str, ...] = ()
    shared_by: int = 3


@dataclass(frozen=True, slots=True)
class ContactDuplicateOptions(RuleOptions):
    """`name_similarity`: the share of a word's letters that must be right in a mistyped name."""

    fields_to_match: int = 2
    name_similarity: float = 0.75


@dataclass(frozen=True, slots=True)
class LeadCommentOptions(RuleOptions):
    """`require`: "any" comment, or a "detailed" one (rule 3)."""

    require: str = "any"


@dataclass(frozen=True, slots=True)
class Rules:
    """Every rule's options; the attribute is the rule's id with "_" for ".".

    >>> Rules()["deal.stage"].mode
    <Mode.REVERT: 'revert'>
    """

    deal_product_group: MandatoryOptions = MandatoryOptions()
    deal_stage: StageOptions = StageOptions()
    deal_contact: MandatoryOptions = MandatoryOptions()
    deal_comment: DealCommentOptions = DealCommentOptions()
    deal_products: ProductsOptions = ProductsOptions()
    deal_lead: DealLeadOptions = DealLeadOptions()
    deal_duplicate: DealDuplicateOptions = DealDuplicateOptions()
    deal_inactive: InactiveOptions = InactiveOptions()
    lead_interaction: RuleOptions = RuleOptions()
    lead_comment: LeadCommentOptions = LeadCommentOptions()
    lead_outcome: RuleOptions = RuleOptions()
    contact_name: NameOptions = NameOptions()
    contact_phone: PhoneOptions = PhoneOptions()
    contact_birthdate: BirthdateOptions = BirthdateOptions()
    contact_email: RuleOptions = RuleOptions()
    contact_staff_email: StaffEmailOptions = StaffEmailOptions()
    contact_duplicate: ContactDuplicateOptions = ContactDuplicateOptions()

    def __getitem__(self, rule_id: str) -> RuleOptions:
        options = getattr(self, rule_id.replace(".", "_"), None)
        if not isinstance(options, RuleOptions):
            raise KeyError(rule_id)
        return options


RULE_IDS: tuple[str, ...] = tuple(each.name.replace("_", ".", 1) for each in fields(Rules))


@dataclass(frozen=True, slots=True)
class Fields:
    """Codes of the portal's own user fields; `status` is None where the portal keeps none."""

    product_group: str
    status: str | None = None


@dataclass(frozen=True, slots=True)
class Interaction:
    """What counts as an exchange with the client."""

    call_min_seconds: int = 10
    include_contact: bool = False


@dataclass(frozen=True, slots=True)
class CommentWords:
    """What the admin adds to the comment judge's own word lists."""

    subject_words: tuple[str, ...] = ()
    agreement_words: tuple[str, ...] = ()
    stop_phrases: tuple[str, ...] = ()
    template_phrases: tuple[str, ...] = ()

    @property
    def lexicon(self) -> Lexicon:
        return DEFAULT_LEXICON.extended(
            self.subject_words, self.agreement_words, self.stop_phrases, self.template_phrases
        )


@dataclass(frozen=True, slots=True)
class Fines:
    """What the rules' fines are counted in: the portal's currency."""

    currency: str = "RUB"


@dataclass(frozen=True, slots=True)
class Policy:
    """All that a verdict depends on besides the snapshot and the clock."""

    fields: Fields
    rules: Rules = field(default_factory=Rules)
    interaction: Interaction = field(default_factory=Interaction)
    text: CommentWords = field(default_factory=CommentWords)
    ceiling: Ceiling = field(default_factory=Ceiling)
    exemptions: tuple[Exemption, ...] = ()
    fines: Fines = field(default_factory=Fines)

    @property
    def revision(self) -> str:
        """Twelve hex digits, equal for equal policies on every machine."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:12]
