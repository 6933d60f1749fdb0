"""The schema of the config: which keys there are, what each may be and what it means, in both languages.

A section loads into the dataclass that it describes and takes its defaults from there. The sections of rules
are in `config_rules`.
"""

from __future__ import annotations

from marshmallow.fields import Nested

from gatekeeper.config.exemptions import ExemptionSection
from gatekeeper.config.forms import (
    Choice,
    Every,
    Flag,
    ModeOf,
    ModesById,
    Networks,
    Number,
    Period,
    Strings,
    Text,
    Whole,
)
from gatekeeper.config.notifications import NotificationsSection
from gatekeeper.config.rules import RulesSection
from gatekeeper.config.section import Key, Section, Tables, defaults_of
from gatekeeper.config.values import (
    BreakerConfig,
    EnforcementConfig,
    JournalConfig,
    LogConfig,
    MessagesConfig,
    PortalConfig,
    RetentionConfig,
    SweepConfig,
    WebConfig,
    WorkerConfig,
)
from gatekeeper.judge import policy
from gatekeeper.messages.words import LANGUAGES

FILE = Text("file", r"[^\x00\r\n]*\S[^\x00\r\n]*")
USER_FIELD = Text("user_field", r"UF_CRM_[A-Z0-9_]+")


class PortalSection(Section):
    """Stays a dict: the secrets may come from elsewhere, see `config_secrets`."""

    defaults = defaults_of(PortalConfig)

    url = Key(
        Text("secret", r"(?s).*\S.*"),
    )
    url_file = Key(FILE)
    application_tokens = Key(
        Strings("secrets"),
    )
    application_tokens_file = Key(
        FILE,
    )
    note_key_file = Key(
        FILE,
    )
    rate_per_s = Key(
        Number(0.1, 50),
    )
    burst = Key(
        Whole(1, 1000),
    )
    reserve = Key(
        Whole(0, 999),
    )
    timeout_s = Key(
        Number(1, 300),
    )


class DatabaseSection(Section):
    """Stays a dict: the address may hold a password and may come from elsewhere."""

    url = Key(
        Text("database_url", r"(?s).*\S.*"),
    )
    url_file = Key(FILE)


class FieldsSection(Section):
    make = policy.Fields
    defaults = defaults_of(policy.Fields)

    product_group = Key(
        USER_FIELD,
        required=True,
    )
    status = Key(
        USER_FIELD,
    )


class InteractionSection(Section):
    make = policy.Interaction
    defaults = defaults_of(policy.Interaction)

    call_min_seconds = Key(
        Whole(0, 3600),
    )
    include_contact = Key(
        Flag(),
    )


class TextSection(Section):
    make = policy.CommentWords
    defaults = defaults_of(policy.CommentWords)

    subject_words = Key(
        Strings("words", empty=True),
    )
    agreement_words = Key(
        Strings("words", empty=True),
    )
    stop_phrases = Key(
        Strings("words", empty=True),
    )
    template_phrases = Key(
        Strings("words", empty=True),
    )


class CeilingSection(Section):
    make = policy.Ceiling
    defaults = defaults_of(policy.Ceiling)

    mode = Key(ModeOf())
    departments = Key(
        ModesById(ModeOf()),
    )
    pipelines = Key(
        ModesById(ModeOf()),
    )


class FinesSection(Section):
    make = policy.Fines
    defaults = defaults_of(policy.Fines)

    currency = Key(
        Text("currency", r"[A-Z]{3}"),
    )


class JournalSection(Section):
    make = JournalConfig
    defaults = defaults_of(JournalConfig)

    mask_personal_data = Key(
        Flag(),
    )


class WebSection(Section):
    make = WebConfig
    defaults = defaults_of(WebConfig)

    host = Key(Text("host", r"[A-Za-z0-9_.:-]+"))
    port = Key(Whole(1, 65_535))
    admin_host = Key(
        Text("host", r"[A-Za-z0-9_.:-]+"),
    )
    admin_port = Key(
        Whole(1, 65_535),
    )
    max_body_bytes = Key(
        Whole(1024, 10_485_760),
    )
    threads = Key(
        Whole(1, 64),
    )
    allow_from = Key(
        Networks(empty=True),
    )
    metrics_from = Key(
        Networks(empty=True),
    )
    trusted_proxies = Key(
        Whole(0, 10),
    )
    bad_tokens_per_minute = Key(
        Whole(1, 100_000),
    )
    events_per_minute = Key(
        Whole(1, 1_000_000),
    )


class WorkerSection(Section):
    make = WorkerConfig
    defaults = defaults_of(WorkerConfig)

    wave = Key(Whole(1, 500))
    settle_s = Key(
        Number(0, 60),
    )
    max_settle_s = Key(
        Number(0, 600),
    )
    lease_s = Key(
        Number(10, 3600),
    )
    max_attempts = Key(
        Whole(1, 100),
    )


class SweepSection(Section):
    make = SweepConfig
    defaults = defaults_of(SweepConfig)

    every = Key(
        Every(30, 86_400),
    )


class MessagesSection(Section):
    make = MessagesConfig
    defaults = defaults_of(MessagesConfig)

    language = Key(Choice(LANGUAGES))
    templates_file = Key(
        FILE,
    )


class BreakerSection(Section):
    make = BreakerConfig
    defaults = defaults_of(BreakerConfig)

    reverts = Key(
        Whole(1, 1000),
    )
    minutes = Key(Whole(1, 1440))


class EnforcementSection(Section):
    make = EnforcementConfig
    defaults = defaults_of(EnforcementConfig)

    dry_run = Key(
        Flag(),
    )
    revert_won = Key(
        Flag(),
    )
    max_reverts = Key(
        Whole(1, 100),
    )
    breaker = Nested(BreakerSection)


class LogSection(Section):
    make = LogConfig
    defaults = defaults_of(LogConfig)

    format = Key(
        Choice(("text", "json")),
    )
    level = Key(
        Choice(("debug", "info", "warning", "error")),
    )


class RetentionSection(Section):
    make = RetentionConfig
    defaults = defaults_of(RetentionConfig)

    journal = Key(
        Period(off=True),
    )
    index = Key(
        Period(off=True),
    )


class ConfigSection(Section):
    """The whole file; loads into a dict of what its tables load into."""

    portal = Nested(PortalSection)
    database = Nested(DatabaseSection)
    policy_fields = Nested(FieldsSection, data_key="fields")
    interaction = Nested(InteractionSection)
    text = Nested(TextSection)
    ceiling = Nested(CeilingSection)
    rules = Nested(RulesSection)
    exemptions = Tables(ExemptionSection)
    fines = Nested(FinesSection)
    journal = Nested(JournalSection)
    web = Nested(WebSection)
    worker = Nested(WorkerSection)
    sweep = Nested(SweepSection)
    messages = Nested(MessagesSection)
    enforcement = Nested(EnforcementSection)
    log = Nested(LogSection)
    retention = Nested(RetentionSection)
    notifications = Nested(NotificationsSection)
