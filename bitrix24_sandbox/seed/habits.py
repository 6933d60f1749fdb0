"""What each manager tends to forget, and how he writes. Shares are 0..1 of his cards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Habits:
    """`lazy_comment` writes «НД» where a conversation should be told; `silent` never comments at all."""

    no_birthdate: float = 0.02
    no_email: float = 0.03
    wrong_phone_type: float = 0.02
    no_patronymic: float = 0.03
    nonsense_name: float = 0.0
    lazy_comment: float = 0.1
    silent: float = 0.03
    no_product_group: float = 0.03
    no_products: float = 0.03
    no_lead: float = 0.02
    no_contact: float = 0.01
    second_contact: float = 0.01
    twin_card: float = 0.01
    own_email: float = 0.0
    unanswered: float = 0.2


MANAGERS: Mapping[int, Habits] = {
    2: Habits(),
    3: Habits(no_birthdate=0.35, no_email=0.3, own_email=0.05),
    4: Habits(lazy_comment=0.7, silent=0.1, unanswered=0.6),
    5: Habits(no_products=0.4, no_product_group=0.3, no_lead=0.25),
    6: Habits(twin_card=0.12, wrong_phone_type=0.3, nonsense_name=0.04, second_contact=0.1),
}

DETAILED = (
    "Обсудили поступление на {product}, готов оплачивать {pay}, договорились созвониться {day} в {hour}.",
    "Рассказала про {product}, клиент сравнивает с другим вузом, отправлю программу сегодня, решение {day}.",
    "Консультация по {product}: интересует заочная форма, документы принесёт {day} к {hour}.",
    "Клиент выбрал {product}, просит рассрочку на 6 месяцев, договор высылаю {day}, оплата сразу.",
    "Отказался от {product}: дорого, вернуться к разговору после отпуска, {day}. Согласен на рассылку.",
    "Говорили о {product}, мама поддерживает, смущает график. Договорились о встрече {day} в {hour}.",
)
LAZY = (
    "НД",
    "недозвон",
    "перезвонить",
    "сбросил",
    "думает",
    "пообщались",
    "нд нд нд",
    "+",
    "позвонить позже",
    "ждём",
    "клиент думает",
    "НДЗ",
    "перезвон завтра",
    "...",
    "не берёт трубку",
)
PRODUCTS: Mapping[int, tuple[str, ...]] = {
    45: (
        "СПО «Дизайн»",
        "СПО «Информационные системы»",
        "бакалавриат «Психология»",
        "магистратуру «Менеджмент»",
    ),
    47: (
        "переподготовку «Кадры»",
        "переподготовку «Бухгалтерский учёт»",
        "повышение квалификации «Охрана труда»",
    ),
    49: ("курс Excel", "курс английского", "курс «Интернет-маркетинг»"),
}
PAYMENTS = ("сразу", "в рассрочку", "помесячно", "после зарплаты")
DAYS = ("в понедельник", "во вторник", "в среду", "в четверг", "в пятницу", "12.10", "25 числа", "завтра")
CLIENT_LINES = (
    "Здравствуйте! Подскажите стоимость",
    "Спасибо, подумаю",
    "А рассрочка есть?",
    "Да, удобно завтра",
    "Документы выслала",
    "Когда начало занятий?",
)
MANAGER_LINES = (
    "Добрый день! Отправляю программу",
    "Стоимость 90 000, есть рассрочка",
    "Созвонимся завтра в 15:00?",
    "Ждём документы",
    "Напоминаю о встрече",
)
