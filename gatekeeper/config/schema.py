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
from gatekeeper.config.section import Key, Meaning, Section, Tables, defaults_of
from gatekeeper.config.text import LANGUAGES
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

FILE = Text("file", r"[^\x00\r\n]*\S[^\x00\r\n]*")
USER_FIELD = Text("user_field", r"UF_CRM_[A-Z0-9_]+")


class PortalSection(Section):
    """Stays a dict: the secrets may come from elsewhere, see `config_secrets`."""

    defaults = defaults_of(PortalConfig)
    meaning = Meaning(
        "Портал Битрикс24: адрес, токены, ограничения.", "The Bitrix24 portal: address, tokens, limits."
    )

    url = Key(
        Text("secret", r"(?s).*\S.*"),
        "Адрес входящего вебхука. В конфиге допустим только адрес песочницы на этой машине.",
        "Address of the incoming webhook. In the config only that of a sandbox on this machine is admitted.",
    )
    url_file = Key(
        FILE, "Файл с адресом входящего вебхука.", "File with the address of the incoming webhook."
    )
    application_tokens = Key(
        Strings("secrets"),
        "Токены исходящих вебхуков, у каждого свой. В конфиге допустимы только для песочницы на этой машине.",
        "Tokens of the outgoing webhooks, one each. In the config only for a sandbox on this machine.",
    )
    application_tokens_file = Key(
        FILE,
        "Файл с токенами исходящих вебхуков, через пробел, запятую или с новой строки.",
        "File that holds the tokens of the outgoing webhooks, separated by white space or commas.",
    )
    note_key_file = Key(
        FILE,
        "Файл с ключом, которым скреплены записи привратника: от 16 знаков; иначе создаётся рядом с базой.",
        "File with the key that seals our notes, 16 characters or more; else one is made by the database.",
    )
    rate_per_s = Key(
        Number(0.1, 50),
        "Сколько запросов в секунду портал прощает: обычно 2, на тарифе «Энтерпрайз» 5.",
        "Requests a second that the portal forgives: mostly 2, on the Enterprise plan 5.",
    )
    burst = Key(
        Whole(1, 1000),
        "Сколько запросов подряд портал принимает до отказа: обычно 50, на «Энтерпрайзе» 250.",
        "Requests at a stretch that the portal takes before it refuses: mostly 50, on Enterprise 250.",
    )
    reserve = Key(
        Whole(0, 999),
        "Сколько из них обходы оставляют живым событиям.",
        "How many of them the sweeps leave to live events.",
    )
    timeout_s = Key(
        Number(1, 300),
        "Сколько секунд ждать ответа портала, с начала запроса до последнего байта ответа.",
        "Seconds to wait for an answer, from the start of the request to the last byte.",
    )


class DatabaseSection(Section):
    """Stays a dict: the address may hold a password and may come from elsewhere."""

    meaning = Meaning("База данных.", "The database.")

    url = Key(
        Text("database_url", r"(?s).*\S.*"),
        "Адрес базы. Если не задан: файл gatekeeper.db рядом с конфигом. Пароль лучше задать в окружении.",
        "Address of the database. If not set: the file gatekeeper.db beside the config. "
        "A password is better given in the environment.",
    )
    url_file = Key(FILE, "Файл с адресом базы данных.", "File that holds the database's address.")


class FieldsSection(Section):
    make = policy.Fields
    defaults = defaults_of(policy.Fields)
    meaning = Meaning("Пользовательские поля портала.", "The portal's own user fields.")

    product_group = Key(
        USER_FIELD,
        "Поле сделки «Группа продуктов».",
        "The deal's field for its product group.",
        required=True,
    )
    status = Key(
        USER_FIELD,
        "Поле сделки, куда записывается её статус; у закрытой пустеет. Не задано — не записывается.",
        "The deal's field that its status is written to; a closed deal's is emptied. Not set: not written.",
    )


class InteractionSection(Section):
    make = policy.Interaction
    defaults = defaults_of(policy.Interaction)
    meaning = Meaning(
        "Что считается взаимодействием с клиентом.", "What counts as an exchange with the client."
    )

    call_min_seconds = Key(
        Whole(0, 3600),
        "Звонок короче этого, в секундах, не считается разговором.",
        "A call shorter than this, in seconds, is no conversation.",
    )
    include_contact = Key(
        Flag(),
        "Считать и то, что привязано только к контакту сделки.",
        "Count what is bound to the deal's contact alone, too.",
    )


class TextSection(Section):
    make = policy.CommentWords
    defaults = defaults_of(policy.CommentWords)
    meaning = Meaning(
        "Слова вашего дела для судьи комментариев: только добавляют к его собственным.",
        "Your trade's words for the comment judge: they only add to its own.",
    )

    subject_words = Key(
        Strings("words", empty=True),
        "Слова, которые сами говорят, о чём шла беседа; в любой форме.",
        "Words that alone say what was talked about, in any form.",
    )
    agreement_words = Key(
        Strings("words", empty=True),
        "Слова, которые сами говорят, о чём договорились; в любой форме.",
        "Words that alone say what was agreed, in any form.",
    )
    stop_phrases = Key(
        Strings("words", empty=True),
        "Отметки вместо комментария, вроде «НД»; узнаются и с опечатками.",
        "Notes in place of a comment, like «НД»; met with typing errors, too.",
    )
    template_phrases = Key(
        Strings("words", empty=True),
        "Обороты ваших шаблонов сообщений.",
        "Turns of your message templates.",
    )


class CeilingSection(Section):
    make = policy.Ceiling
    defaults = defaults_of(policy.Ceiling)
    meaning = Meaning(
        "Дальше этого режима не идёт ни одно правило. Для пробы на одном отделе: `mode` = "
        '"observe", а отделу — "revert".',
        'No rule goes further than this. For a pilot in one department: `mode` = "observe", and '
        '"revert" for the department.',
    )

    mode = Key(ModeOf(), "Везде, если ниже не сказано иного.", "Everywhere, unless it is named below.")
    departments = Key(
        ModesById(ModeOf()),
        "Для карточек этих отделов (по ответственному; подчинённые отделы считаются).",
        "For the cards of these departments (by the responsible; what belongs to them counts, too).",
    )
    pipelines = Key(
        ModesById(ModeOf()),
        "Для сделок этих воронок; у контактов и лидов воронки нет. Если названы и отдел, и воронка, берётся "
        "более мягкий режим.",
        "For the deals of these pipelines; contacts and leads have none. Where both name a deal, the milder "
        "mode holds.",
    )


class FinesSection(Section):
    make = policy.Fines
    defaults = defaults_of(policy.Fines)
    meaning = Meaning(
        "Штрафы: сколько стоит нарушение, задаёт ключ `fine` каждого правила.",
        "Fines: what a violation costs is each rule's key `fine`.",
    )

    currency = Key(
        Text("currency", r"[A-Z]{3}"),
        "В какой валюте заданы штрафы.",
        "The currency that the fines are given in.",
    )


class JournalSection(Section):
    make = JournalConfig
    defaults = defaults_of(JournalConfig)
    meaning = Meaning("Журнал решений.", "The journal of decisions.")

    mask_personal_data = Key(
        Flag(),
        "Не хранить в журнале имена, телефоны, e-mail, даты рождения и тексты. "
        "Решения о контактах тогда нельзя пересудить, о сделках и лидах — только без комментариев.",
        "Keep no names, phones, e-mails, birth dates and texts in the journal. "
        "Decisions on contacts then cannot be judged again, those on deals and leads without comments only.",
    )


class WebSection(Section):
    make = WebConfig
    defaults = defaults_of(WebConfig)
    meaning = Meaning("Где принимаются события портала.", "Where the portal's events come in.")

    host = Key(Text("host", r"[A-Za-z0-9_.:-]+"), "На каком адресе слушать.", "The address to listen on.")
    port = Key(Whole(1, 65_535), "На каком порту слушать.", "The port to listen on.")
    admin_host = Key(
        Text("host", r"[A-Za-z0-9_.:-]+"),
        "На каком адресе отвечать администратору: /status, /metrics, /readyz и /healthz.",
        "The address to answer an admin at: /status, /metrics, /readyz and /healthz.",
    )
    admin_port = Key(
        Whole(1, 65_535),
        "На каком порту отвечать администратору. На порту событий нет ни /status, ни /metrics.",
        "The port to answer an admin at. At the port for events there is neither /status nor /metrics.",
    )
    max_body_bytes = Key(
        Whole(1024, 10_485_760),
        "Событие больше этого, в байтах, отклоняется.",
        "An event larger than this, in bytes, is refused.",
    )
    threads = Key(
        Whole(1, 64),
        "Сколько запросов, кроме событий, обрабатывается одновременно.",
        "How many requests other than events are worked on at a time.",
    )
    allow_from = Key(
        Networks(empty=True),
        "Из каких сетей принимать события. Пустой список: отовсюду.",
        "The networks that events are taken from. None: from everywhere.",
    )
    metrics_from = Key(
        Networks(empty=True),
        "Из каких сетей отвечать на порту администратора. Пустой список: ниоткуда.",
        "The networks that are answered at the admin's port. None: nobody.",
    )
    trusted_proxies = Key(
        Whole(0, 10),
        "Сколько своих прокси стоит впереди: столько последних адресов X-Forwarded-For принимается на веру. "
        "0: заголовок не читается.",
        "How many proxies of yours stand in front: so many last addresses of X-Forwarded-For are believed. "
        "0: the header is not read.",
    )
    bad_tokens_per_minute = Key(
        Whole(1, 100_000),
        "После стольких чужих токенов с одного адреса за минуту ответ 429. Верный токен принимается всегда.",
        "After so many wrong tokens from one address within a minute the answer is 429. "
        "The right token is always taken.",
    )
    events_per_minute = Key(
        Whole(1, 1_000_000),
        "Событий с одним токеном сверх этого за минуту ждут, пока разобраны остальные, как при массовом "
        "импорте. Ни одно не отклоняется.",
        "Events with one token beyond this within a minute wait until the others are worked off, as in a "
        "mass import. None is refused.",
    )


class WorkerSection(Section):
    make = WorkerConfig
    defaults = defaults_of(WorkerConfig)
    meaning = Meaning("Как разбираются события.", "How the events are worked off.")

    wave = Key(
        Whole(1, 500),
        "Сколько карточек читается за раз, когда их ждёт много.",
        "How many cards are read at a time where many wait.",
    )
    settle_s = Key(
        Number(0, 60),
        "Сколько секунд после события ждать, пока портал достроит карточку.",
        "Seconds after an event in which the portal may finish building the card.",
    )
    max_settle_s = Key(
        Number(0, 600),
        "Дольше этого, в секундах, новые события проверку не откладывают.",
        "New events put a check off no longer than this, in seconds.",
    )
    lease_s = Key(
        Number(10, 3600),
        "Через сколько секунд карточки упавшего процесса берёт другой.",
        "Seconds after which another process takes over the cards of one that died.",
    )
    max_attempts = Key(
        Whole(1, 100),
        "После скольких неудач карточка откладывается до вмешательства человека.",
        "Failures after which a card is laid aside for a person to look at.",
    )


class SweepSection(Section):
    make = SweepConfig
    defaults = defaults_of(SweepConfig)
    meaning = Meaning(
        "Обход: находит изменения, о которых портал не сообщил.",
        "The sweep: finds the changes that no event told of.",
    )

    every = Key(
        Every(30, 86_400),
        "Как часто портал спрашивают, что изменилось.",
        "How often the portal is asked what has changed.",
    )


class MessagesSection(Section):
    make = MessagesConfig
    defaults = defaults_of(MessagesConfig)
    meaning = Meaning("Сообщения менеджерам.", "What managers are told.")

    language = Key(Choice(LANGUAGES), "Язык сообщений в карточках.", "Language of the messages in the cards.")
    templates_file = Key(
        FILE,
        "Файл со своими текстами сообщений: любые ключи из того, что печатает `gatekeeper messages source`.",
        "File with messages of your own: any keys of what `gatekeeper messages source` prints.",
    )


class BreakerSection(Section):
    make = BreakerConfig
    defaults = defaults_of(BreakerConfig)
    meaning = Meaning(
        "Предохранитель: если возвратов слишком много, дальше только предупреждения, пока администратор не "
        "выполнит gatekeeper breaker reset.",
        "The breaker: after too many reverts there are only warnings, until an admin runs "
        "gatekeeper breaker reset.",
    )

    reverts = Key(
        Whole(1, 1000),
        "Сколько сделок можно вернуть за это время.",
        "How many deals may be moved back in that time.",
    )
    minutes = Key(Whole(1, 1440), "За сколько минут.", "In how many minutes.")


class EnforcementSection(Section):
    make = EnforcementConfig
    defaults = defaults_of(EnforcementConfig)
    meaning = Meaning("Что следует из нарушений.", "What follows from violations.")

    dry_run = Key(
        Flag(),
        "Только смотреть: на портал ничего не пишется.",
        "Look only: nothing is written to the portal.",
    )
    revert_won = Key(
        Flag(),
        "Возвращать ли назад и выигранные сделки.",
        "Whether won deals are moved back, too.",
    )
    max_reverts = Key(
        Whole(1, 100),
        "Сколько раз за сутки возвращать одну сделку; дальше только предупреждение.",
        "How often in 24 hours one deal is moved back; after that it is only warned of.",
    )
    breaker = Nested(BreakerSection)


class LogSection(Section):
    make = LogConfig
    defaults = defaults_of(LogConfig)
    meaning = Meaning("Что пишется в стандартный поток ошибок.", "What is written to standard error.")

    format = Key(
        Choice(("text", "json")),
        "Строки для людей или по объекту JSON в строке.",
        "Lines for people, or one JSON object a line.",
    )
    level = Key(
        Choice(("debug", "info", "warning", "error")),
        "Начиная с какой важности писать.",
        "From which severity on.",
    )


class RetentionSection(Section):
    make = RetentionConfig
    defaults = defaults_of(RetentionConfig)
    meaning = Meaning(
        "Сколько хранится то, что уже не нужно для работы; удаляется раз в сутки.",
        "How long is kept what the work no longer needs; deleted once a day.",
    )

    journal = Key(
        Period(off=True),
        "Решения и закрытые нарушения старше этого удаляются. Открытые нарушения остаются.",
        "Decisions and closed violations older than this are deleted. Open violations stay.",
    )
    index = Key(
        Period(off=True),
        "Контакты, которые не менялись на портале дольше, уходят из индекса: дубли среди них не ищутся.",
        "Contacts unchanged on the portal for longer leave the index: no duplicates are found among them.",
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
