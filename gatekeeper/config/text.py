"""What is said about the config, in Russian and in English."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

from gatekeeper.model.errors import ConfigError

Language: TypeAlias = Literal["ru", "en"]
LANGUAGES: tuple[Language, ...] = ("ru", "en")

TEXTS: Mapping[str, Mapping[Language, str]] = {
    "no_language": {
        "ru": "GATEKEEPER_LANGUAGE может быть ru или en (only ru or en); дальше по-русски",
        "en": "GATEKEEPER_LANGUAGE may be ru or en",
    },
    # what a value may be
    "flag": {"ru": "true или false", "en": "true or false"},
    "whole": {"ru": "целое число от {low} до {high}", "en": "a whole number from {low} to {high}"},
    "number": {"ru": "число от {low} до {high}", "en": "a number from {low} to {high}"},
    "number_or_off": {
        "ru": 'число от {low} до {high} или "off"',
        "en": 'a number from {low} to {high}, or "off"',
    },
    "choice": {"ru": "одно из {choices}", "en": "one of {choices}"},
    "choices": {
        "ru": "список, хотя бы одно из {choices}, без повторов",
        "en": "a list of at least one of {choices}, each once",
    },
    "span": {
        "ru": "два целых числа от {low} до {high}, второе не меньше первого",
        "en": "two whole numbers from {low} to {high}, the second not below the first",
    },
    "regions": {
        "ru": 'список двухбуквенных кодов стран, например ["RU", "KZ"]',
        "en": 'a list of two-letter country codes, such as ["RU", "KZ"]',
    },
    "stages": {
        "ru": 'таблица: код стадии, например "C1:NEW", = число дней от {low} до {high}',
        "en": 'a table: stage code, such as "C1:NEW", = days from {low} to {high}',
    },
    "modes": {
        "ru": "таблица: номер = одно из {choices}",
        "en": "a table: number = one of {choices}",
    },
    "card": {
        "ru": 'карточка, как "deal:662", "contact:84" или "lead:17"',
        "en": 'a card such as "deal:662", "contact:84" or "lead:17"',
    },
    "day": {"ru": "дата без кавычек, как 2026-12-31", "en": "a date without quotes, as in 2026-12-31"},
    "name_form": {"ru": "от 1 до 64 видимых знаков", "en": "1 to 64 visible characters"},
    "line": {"ru": "строка до 128 знаков", "en": "a line of up to 128 characters"},
    "word": {"ru": "имя латиницей", "en": "a name in Latin letters"},
    "word_or_code": {"ru": "код без пробелов", "en": "a code without spaces"},
    "host": {"ru": "адрес или имя узла", "en": "an address or host name"},
    "user_field": {
        "ru": "код пользовательского поля, например UF_CRM_1721244707107",
        "en": "code of a user field, such as UF_CRM_1721244707107",
    },
    "currency": {
        "ru": "код валюты из трёх букв, например RUB",
        "en": "a currency's three-letter code, such as RUB",
    },
    "file": {
        "ru": "имя файла (относительное: рядом с конфигом)",
        "en": "a file name (relative: beside the config)",
    },
    "secret": {"ru": "строка, секрет", "en": "a string, secret"},
    "secrets": {"ru": "список строк, секретов", "en": "a list of strings, secret"},
    "period_or_off": {
        "ru": 'срок, как "2 months" или "45 days", или "off"',
        "en": 'a time such as "2 months" or "45 days", or "off"',
    },
    "period": {"ru": 'срок, как "2 months" или "45 days"', "en": 'a time such as "2 months" or "45 days"'},
    "domains": {
        "ru": 'список почтовых доменов, как ["example.ru"], может быть пустым',
        "en": 'a list of mail domains, such as ["example.com"], may be empty',
    },
    "grace": {
        "ru": 'срок, как "30 minutes", "2 hours" или "1 day", или "off"',
        "en": 'a time such as "30 minutes", "2 hours" or "1 day", or "off"',
    },
    "every": {
        "ru": 'время, как "30 s", "5 min" или "1 h", от {low} до {high}',
        "en": 'a time such as "30 s", "5 min" or "1 h", from {low} to {high}',
    },
    "networks": {
        "ru": 'список сетей, например ["10.0.0.0/8", "203.0.113.7", "::1/128"], может быть пустым',
        "en": 'a list of networks, such as ["10.0.0.0/8", "203.0.113.7", "::1/128"], may be empty',
    },
    "words": {"ru": "список строк, может быть пустым", "en": "a list of strings, may be empty"},
    "some_of": {
        "ru": "список из {choices}, без повторов, может быть пустым",
        "en": "a list out of {choices}, each once, may be empty",
    },
    "users": {
        "ru": "список номеров пользователей портала, может быть пустым",
        "en": "a list of the portal's user ids, may be empty",
    },
    "zone": {"ru": "часовой пояс, например Europe/Moscow", "en": "a time zone such as Europe/Moscow"},
    "hours": {
        "ru": 'часы, как "20:00-09:00", или "off"',
        "en": 'hours such as "20:00-09:00", or "off"',
    },
    "clock": {"ru": 'время, как "18:00"', "en": 'a time such as "18:00"'},
    "database_url": {
        "ru": "sqlite:///ФАЙЛ или postgresql://ПОЛЬЗОВАТЕЛЬ:ПАРОЛЬ@УЗЕЛ/БАЗА",
        "en": "sqlite:///FILE or postgresql://USER:PASSWORD@HOST/DATABASE",
    },
    # what was found, where the value itself is not to be repeated
    "a_string": {"ru": "эта строка", "en": "this string"},
    "a_list": {"ru": "список", "en": "a list"},
    "a_table": {"ru": "таблица", "en": "a table"},
    "a_value": {"ru": "это значение", "en": "this value"},
    # what is wrong
    "invalid": {"ru": "{found} не подходит", "en": "{found} does not fit"},
    "missing": {"ru": "не задано", "en": "is missing"},
    "unknown": {"ru": "неизвестный ключ", "en": "unknown key"},
    "unquoted": {
        "ru": "в имени правила есть точка, оно пишется в кавычках",
        "en": "a rule's name has a dot in it and is written in quotes",
    },
    "table": {"ru": "должно быть таблицей", "en": "must be a table"},
    "no_revert": {
        "ru": '"revert" только для правил сделок: у контакта и лида нет стадии, на которую их вернуть',
        "en": '"revert" is for deal rules only: a contact or lead has no stage to be moved back to',
    },
    "name": {"ru": "такое имя не подходит", "en": "such a name does not fit"},
    "exempts_all": {
        "ru": "без единого условия исключение отменило бы все правила",
        "en": "without any condition the exemption would lift every rule",
    },
    "part_alone": {"ru": "часть чего? нужно и правило", "en": "a part of what? name the rule, too"},
    "other_kind": {
        "ru": "правило не об этой карточке",
        "en": "the rule is not about such a card",
    },
    "no_pipeline": {
        "ru": "воронка есть только у сделок, а правило не о них",
        "en": "only deals have a pipeline, and the rule is not about them",
    },
    "order": {
        "ru": "{value} должно быть {sign} {other} = {limit}",
        "en": "{value} must be {sign} {other} = {limit}",
    },
    "less": {"ru": "меньше, чем", "en": "less than"},
    "other_than": {"ru": "не тем же, что", "en": "other than"},
    "at_most": {"ru": "не больше, чем", "en": "at most"},
    # the file
    "no_file": {"ru": "файла нет", "en": "there is no such file"},
    "no_right": {"ru": "нет права читать файл", "en": "the file may not be read"},
    "no_read": {"ru": "файл не читается", "en": "the file cannot be read"},
    "no_utf8": {"ru": "файл не в кодировке UTF-8", "en": "the file is not UTF-8"},
    "no_toml": {"ru": "это не TOML: {reason}", "en": "not valid TOML: {reason}"},
    "whole_file": {"ru": "файл", "en": "file"},
    # secrets
    "literal": {
        "ru": "секрет не хранят в конфиге (так можно только для песочницы на этой машине)",
        "en": "a secret does not belong into the config (only a sandbox on this machine may have it there)",
    },
    "empty_file": {"ru": "файл с секретом пуст", "en": "the secret's file is empty"},
    "short_key": {"ru": "ключ короче 16 знаков", "en": "the key is shorter than 16 characters"},
    "token_characters": {
        "ru": "в токене есть недопустимые символы",
        "en": "a token holds characters that no token has",
    },
    "url_space": {
        "ru": "внутри адреса есть пробел или недопустимый символ",
        "en": "the URL holds white space or an odd character",
    },
    "url_scheme": {"ru": "адрес должен начинаться с https://", "en": "the URL must begin with https://"},
    "url_plain": {
        "ru": "http без шифрования выдаст секрет; нужен https (http можно только на эту же машину)",
        "en": "plain http gives the secret away; use https (http is for this very machine only)",
    },
    "url_host": {"ru": "в адресе нет узла или порт неверен", "en": "the URL has no host, or a wrong port"},
    "url_userinfo": {
        "ru": "в адресе не нужны имя и пароль перед @",
        "en": "the URL must have no name or password before @",
    },
    "url_query": {"ru": "в адресе лишнее после ? или #", "en": "the URL must have nothing after ? or #"},
    "url_no_rest": {"ru": "после узла нет /rest/", "en": "there is no /rest/ after the host"},
    "url_no_user": {"ru": "после /rest/ нет номера пользователя", "en": "there is no user id after /rest/"},
    "url_no_code": {
        "ru": "после номера пользователя нет кода вебхука",
        "en": "there is no webhook code after the user id",
    },
    "url_method": {
        "ru": "после кода вебхука есть лишнее, уберите его",
        "en": "drop what follows the webhook code",
    },
    "url_form": {
        "ru": "вид: https://ПОРТАЛ/rest/ПОЛЬЗОВАТЕЛЬ/КОД/",
        "en": "it looks like https://PORTAL/rest/USER/CODE/",
    },
    "database_form": {"ru": "адрес базы данных не разобрать", "en": "this is no database URL"},
    "admits": {"ru": "Допустимо: {allowed}.", "en": "Allowed: {allowed}."},
    # what to do
    "allowed": {"ru": "допустимо: {allowed}", "en": "allowed: {allowed}"},
    "perhaps": {"ru": "возможно, {nearest}?", "en": "did you mean {nearest}?"},
    "belongs": {"ru": "такой ключ есть в [{table}]", "en": "there is such a key in [{table}]"},
    "write": {"ru": "напишите {form}", "en": "write {form}"},
    "give_secret": {
        "ru": "задайте переменную {variable}, или {variable}_FILE с именем файла, или ключ {key}_file",
        "en": "set the variable {variable}, or {variable}_FILE to a file's name, or the key {key}_file",
    },
    "slip": {
        "ru": "задана переменная {variable}, но такой нет",
        "en": "{variable} is set and means nothing",
    },
    "beside": {
        "ru": "относительные имена ищутся в {folder}",
        "en": "relative names are looked up in {folder}",
    },
    "make_config": {
        "ru": "gatekeeper init создаст его; другой файл: --config или GATEKEEPER_CONFIG",
        "en": "gatekeeper init writes one; another file: --config or GATEKEEPER_CONFIG",
    },
    "save_utf8": {"ru": "сохраните его как UTF-8", "en": "save it as UTF-8"},
    # templates of messages
    "template_no_text": {"ru": "должно быть текстом в кавычках", "en": "must be a text in quotes"},
    "template_syntax": {"ru": "шаблон не разобрать: {detail}", "en": "no valid template: {detail}"},
    "template_name": {"ru": "в этом шаблоне нет имени {detail}", "en": "no name {detail} in this template"},
    "template_fails": {"ru": "шаблон не срабатывает: {detail}", "en": "the template fails: {detail}"},
    "template_empty": {"ru": "шаблон ничего не говорит", "en": "the template says nothing"},
    "template_markup": {
        "ru": "{detail} не закрыт или закрыт не там",
        "en": "{detail} is not closed, or closed in the wrong place",
    },
    "template_plain": {
        "ru": "здесь простой текст, данные в него не подставляются",
        "en": "this is plain text, nothing is filled in here",
    },
    "template_format": {"ru": "дата получается пустой", "en": "the date comes out empty"},
    "template_close": {
        "ru": "у каждой скобки шаблона должна быть пара, у каждого if — endif, у for — endfor",
        "en": "every bracket of a template needs its pair, every if an endif, every for an endfor",
    },
    "template_facts": {"ru": "на таких данных: {facts}", "en": "with these facts: {facts}"},
    "template_close_code": {"ru": "закрывайте: [b]…[/b]", "en": "close it: [b]…[/b]"},
    "template_date": {"ru": "например, %d.%m.%Y", "en": "%d.%m.%Y, for example"},
    "template_see": {
        "ru": "сверьте с тем, что печатает gatekeeper messages source",
        "en": "compare with what gatekeeper messages source prints",
    },
    # the commands
    "ok": {"ru": "ok, ревизия {revision}", "en": "ok, revision {revision}"},
    "exists": {
        "ru": "{file} уже есть; --force перепишет его",
        "en": "{file} exists already; --force overwrites it",
    },
    "no_write": {"ru": "{file} не записать", "en": "{file} cannot be written"},
    "wrote": {
        "ru": "{file} записан. Дальше: впишите поля портала, задайте GATEKEEPER_PORTAL_URL и "
        "GATEKEEPER_APPLICATION_TOKENS, проверьте: gatekeeper config check --config {file}",
        "en": "{file} is written. Next: fill in the portal's fields, set GATEKEEPER_PORTAL_URL and "
        "GATEKEEPER_APPLICATION_TOKENS, then: gatekeeper config check --config {file}",
    },
    # the reference
    "title": {"ru": "Настройки", "en": "Settings"},
    "preface": {
        "ru": "Эту страницу пишет `gatekeeper config reference`; править её руками не нужно.\n\n"
        "Файл настроек: `--config ФАЙЛ`, иначе `GATEKEEPER_CONFIG`, иначе `./gatekeeper.toml`. "
        "Относительные имена в нём отсчитываются от него. `gatekeeper init` пишет файл с пояснениями, "
        "`gatekeeper config check` показывает сразу все ошибки, `gatekeeper config show` показывает, что "
        "действует, без секретов.",
        "en": "This page is written by `gatekeeper config reference`; do not edit it by hand.\n\n"
        "The file is `--config FILE`, else `GATEKEEPER_CONFIG`, else `./gatekeeper.toml`. Relative names in "
        "it are beside it. `gatekeeper init` writes a commented one, `gatekeeper config check` shows all "
        "errors at once, `gatekeeper config show` what is in force, without the secrets.",
    },
    "secrets_title": {"ru": "Секреты", "en": "Secrets"},
    "secrets_preface": {
        "ru": "Секрет берётся из первого места, где он задан. Адрес вебхука имеет вид "
        "`https://ПОРТАЛ/rest/ПОЛЬЗОВАТЕЛЬ/КОД/`.",
        "en": "A secret is taken from the first place that has it. The webhook's address looks like "
        "`https://PORTAL/rest/USER/CODE/`.",
    },
    "columns": {"ru": "Ключ|Тип|По умолчанию|Смысл", "en": "Key|Type|Default|Meaning"},
    "secrets_columns": {
        "ru": "Секрет|Переменная|Переменная с именем файла|Ключ с именем файла",
        "en": "Secret|Variable|Variable naming a file|Key naming a file",
    },
    "required": {"ru": "обязательно", "en": "required"},
    "other_variables": {
        "ru": "`GATEKEEPER_LANGUAGE`: язык команд и их ошибок, `ru` или `en`.",
        "en": "`GATEKEEPER_LANGUAGE`: language of the commands and their errors, `ru` or `en`.",
    },
    # the example
    "example": {
        "ru": "Настройки привратника для одного портала Битрикс24.\n"
        "Закомментированные ключи показывают значения по умолчанию. Проверить: gatekeeper config check",
        "en": "Settings of the gatekeeper for one Bitrix24 portal.\n"
        "Keys in comments show their defaults. Check: gatekeeper config check",
    },
    "example_secrets": {
        "ru": "Адрес вебхука и токены здесь не пишут. Их задают переменными GATEKEEPER_PORTAL_URL и\n"
        "GATEKEEPER_APPLICATION_TOKENS или кладут в файлы, которые названы ниже.",
        "en": "The webhook's address and the tokens are not written here. Set GATEKEEPER_PORTAL_URL and\n"
        "GATEKEEPER_APPLICATION_TOKENS, or put them into the files named below.",
    },
    "example_field": {
        "ru": "Замените кодом поля на вашем портале, например UF_CRM_1721244707107.",
        "en": "Replace by the code of the field on your portal, such as UF_CRM_1721244707107.",
    },
    "example_dry_run": {
        "ru": "Поставьте false, когда несколько дней посмотрите на то, что он сделал бы.",
        "en": "Set to false when you have looked for a few days at what it would do.",
    },
    # the effective config
    "shown": {"ru": "{file}, ревизия {revision}", "en": "{file}, revision {revision}"},
    # the whole
    "heading": {"ru": "{source}: ошибок: {count}", "en": "{source}: {count} problem(s)"},
    "place": {"ru": "строка {line}, {key}", "en": "line {line}, {key}"},
}


def say(language: Language, code: str, **facts: object) -> str:
    """Fill the text of that code; KeyError for a code that has none."""
    return TEXTS[code][language].format(**facts)


def render_problems(error: ConfigError, language: Language) -> str:
    """Put a heading over the problems and each on a line of its own."""
    lines = [say(language, "heading", source=error.source, count=len(error.problems))]
    for problem in error.problems:
        place = say(language, "place", line=problem.line, key=problem.key) if problem.line else problem.key
        lines.append(f"  {place}: {problem.what}" + (f" ({problem.hint})" if problem.hint else ""))
    return "\n".join(lines)


def language_of(environ: Mapping[str, str]) -> Language:
    """English where GATEKEEPER_LANGUAGE asks for it, else Russian."""
    return "en" if _asked(environ) == "en" else "ru"


def is_unknown_language(environ: Mapping[str, str]) -> bool:
    """Whether GATEKEEPER_LANGUAGE asks for what nobody speaks here."""
    return _asked(environ) not in {"", *LANGUAGES}


def _asked(environ: Mapping[str, str]) -> str:
    return environ.get("GATEKEEPER_LANGUAGE", "").strip().lower()
