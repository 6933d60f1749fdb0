"""What each signal is worth, in log odds. Written by `benchmarks.comment_weights`, never by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

ALWAYS = "always"  # what every comment has: how likely a half is there before a word is read


# By signal: for the subject, for the agreement. Positive says that half is there, negative that it is not.
Weights: TypeAlias = Mapping[str, tuple[float, float]]


def _table(text: str) -> Weights:
    cells = (cell.split("|") for cell in " ".join(text.split()).split(" ; "))
    return {name: (float(subject), float(agreement)) for name, subject, agreement in cells}


FITTED = _table("""
always|-3.33|-1.11 ; ADJF|0.71|-0.17 ; ADJS|0.20|0.03 ; ADVB|0.12|-0.17 ; COMP|0.28|0.03 ; CONJ|0.29|-0.37 ;
INFN|0.18|0.17 ; INTJ|-0.24|-0.10 ; NOUN|0.29|-0.31 ; NPRO|-0.46|-0.13 ; NPRO1per|-0.31|0.18 ;
NPRO2per|-0.54|-0.53 ; NPRO3per|-0.75|0.46 ; NUMR|0.46|0.42 ; PRCL|-0.52|-0.01 ; PREDpres|0.46|-0.04 ;
PREP|0.23|0.07 ; PRTFpast|-0.11|-0.03 ; PRTFpres|-0.49|-0.11 ; PRTSpast|-1.29|-0.49 ; VERB|-0.77|-0.17 ;
VERBfutr1per|-0.07|0.56 ; VERBfutr3per|0.72|1.38 ; VERBpast|-0.85|0.58 ; VERBpres1per|0.34|0.25 ;
VERBpres3per|1.31|-0.61 ; act|0.22|0.50 ; act_noun|0.35|0.33 ; agreed|-0.08|0.89 ; amounts|1.41|-0.26 ;
arranged|-0.29|0.85 ; backstory|-0.86|-0.19 ; client|1.39|-0.03 ; closing|3.28|1.64 ; conditions|0.02|0.32 ;
dated ADJF|-0.00|-0.69 ; dated ADJS|-0.00|-0.32 ; dated ADVB|-0.00|-0.16 ; dated COMP|-0.00|-0.04 ; dated
CONJ|-0.00|-0.56 ; dated INFN|-0.00|-0.07 ; dated NOUN|0.00|0.36 ; dated NPRO|0.00|0.02 ; dated
NPRO1per|-0.00|0.22 ; dated NPRO3per|-0.00|0.51 ; dated NUMR|0.00|0.13 ; dated PRCL|-0.00|-0.65 ; dated
PREDpres|0.00|-0.04 ; dated PREP|-0.00|1.15 ; dated PRTSpast|-0.00|-0.14 ; dated VERB|-0.00|-0.19 ; dated
VERBfutr1per|-0.00|0.60 ; dated VERBfutr3per|0.00|0.98 ; dated VERBpast|-0.00|-0.35 ; dated
VERBpres1per|0.00|0.62 ; dated VERBpres3per|0.00|-0.29 ; dated act|0.00|1.06 ; dated act_noun|0.00|1.05 ;
dated agreed|-0.00|0.85 ; dated arranged|-0.00|0.74 ; dated backstory|-0.00|-0.14 ; dated client|-0.00|0.16 ;
dated closing|-0.00|0.09 ; dated deciding|0.00|0.28 ; dated delivering|0.00|0.51 ; dated filler|-0.00|0.41 ;
dated generic|-0.00|0.08 ; dated internal|-0.00|-0.12 ; dated latin|0.00|0.31 ; dated life|-0.00|-0.71 ; dated
logistics|-0.00|0.51 ; dated meta|0.00|0.36 ; dated money|0.00|0.37 ; dated name|0.00|0.18 ; dated
no_talk|-0.00|-0.33 ; dated other|0.00|0.26 ; dated people|-0.00|-0.16 ; dated place|0.00|-0.07 ; dated
stop|-0.00|0.40 ; dated told|-0.00|-0.49 ; dated topic |0.00|0.44 ; dated topic ADJF|0.00|-0.60 ; dated topic
ADJS|-0.00|-0.33 ; dated topic ADVB|-0.00|-0.54 ; dated topic COMP|-0.00|-0.08 ; dated topic INFN|0.00|-0.20 ;
dated topic NOUN|0.00|-0.32 ; dated topic VERB|0.00|0.05 ; dated unknown|0.00|0.53 ; dated wish|0.00|-0.78 ;
deciding|0.62|0.56 ; delivering|-0.38|0.70 ; end ADJF|0.00|-0.01 ; end ADJS|0.00|0.32 ; end ADVB|-0.00|0.13 ;
end COMP|0.00|0.21 ; end CONJ|0.00|-0.11 ; end INFN|0.00|-0.14 ; end NOUN|-0.00|-0.24 ; end NPRO|0.00|-0.01 ;
end NPRO1per|0.00|-0.04 ; end NPRO3per|-0.00|0.16 ; end NUMR|0.00|0.11 ; end PRCL|0.00|0.19 ; end
PREDpres|-0.00|-0.09 ; end PREP|-0.00|0.03 ; end PRTSpast|0.00|0.18 ; end VERB|-0.00|-0.18 ; end
VERBfutr1per|0.00|0.09 ; end VERBfutr3per|0.00|0.18 ; end VERBpast|0.00|0.01 ; end VERBpres1per|0.00|0.57 ;
end VERBpres3per|-0.00|0.05 ; end act|0.00|0.57 ; end act_noun|0.00|0.89 ; end agreed|0.00|0.17 ; end
arranged|-0.00|0.02 ; end backstory|0.00|-0.02 ; end client|0.00|-0.05 ; end closing|0.00|1.56 ; end
deciding|0.00|0.34 ; end delivering|0.00|0.05 ; end filler|0.00|-0.08 ; end generic|0.00|-0.05 ; end
internal|-0.00|0.04 ; end latin|-0.00|-0.06 ; end life|0.00|-0.37 ; end logistics|0.00|0.73 ; end
meta|0.00|-0.07 ; end money|0.00|-0.37 ; end name|-0.00|0.42 ; end no_talk|-0.00|-0.43 ; end other|-0.00|-0.20
; end people|0.00|0.01 ; end place|-0.00|0.02 ; end stop|-0.00|-0.28 ; end told|0.00|0.01 ; end topic
|-0.00|-0.02 ; end topic ADJF|-0.00|0.31 ; end topic ADJS|0.00|0.29 ; end topic ADVB|-0.00|0.06 ; end topic
COMP|0.00|0.26 ; end topic INFN|0.00|-0.19 ; end topic NOUN|-0.00|-0.79 ; end topic PRTS|0.00|0.17 ; end topic
VERB|0.00|0.09 ; end unknown|-0.00|-0.37 ; end wish|-0.00|-0.06 ; ends with a time|0.00|1.60 ;
filler|-0.47|0.13 ; generic|-0.96|-0.65 ; if ADJF|-0.00|-0.02 ; if ADJS|0.00|0.09 ; if ADVB|-0.00|0.20 ; if
CONJ|-0.00|0.03 ; if INFN|-0.00|-0.01 ; if NOUN|-0.00|-0.07 ; if NPRO1per|0.00|-0.10 ; if NPRO3per|-0.00|-0.04
; if PRCL|-0.00|-0.04 ; if PREP|-0.00|0.42 ; if VERBfutr1per|-0.00|0.00 ; if VERBfutr3per|-0.00|0.39 ; if
VERBpast|-0.00|-0.18 ; if VERBpres1per|-0.00|0.07 ; if VERBpres3per|0.00|-0.17 ; if act|-0.00|0.03 ; if
act_noun|0.00|0.15 ; if agreed|0.00|0.00 ; if arranged|0.00|0.01 ; if client|-0.00|0.04 ; if
deciding|0.00|0.02 ; if delivering|-0.00|-0.03 ; if filler|0.00|-0.07 ; if generic|-0.00|0.07 ; if
life|-0.00|0.02 ; if logistics|-0.00|0.08 ; if meta|0.00|0.05 ; if money|-0.00|-0.12 ; if no_talk|-0.00|-0.09
; if other|-0.00|0.14 ; if people|-0.00|-0.07 ; if stop|-0.00|0.17 ; if told|0.00|-0.04 ; if topic
ADJF|-0.00|-0.02 ; if topic ADVB|-0.00|0.24 ; if topic INFN|-0.00|0.02 ; if topic NOUN|0.00|-0.07 ; if topic
VERB|-0.00|0.19 ; if unknown|-0.00|0.12 ; if wish|0.00|0.03 ; internal|-1.97|-0.26 ; last ADJF|0.00|-0.14 ;
last ADJS|-0.00|-0.02 ; last ADVB|-0.00|0.00 ; last COMP|0.00|0.04 ; last CONJ|-0.00|-0.03 ; last
INFN|0.00|-0.04 ; last INTJ|-0.00|-0.09 ; last NOUN|-0.00|-0.39 ; last NPRO|-0.00|-0.06 ; last
NPRO1per|-0.00|0.02 ; last NPRO2per|-0.00|-0.17 ; last NPRO3per|-0.00|0.37 ; last NUMR|0.00|0.09 ; last
PRCL|-0.00|-0.20 ; last PREDpres|-0.00|-0.17 ; last PREP|-0.00|0.13 ; last PRTFpast|0.00|-0.02 ; last
PRTSpast|-0.00|-0.01 ; last VERB|-0.00|0.00 ; last VERBfutr1per|-0.00|0.30 ; last VERBfutr3per|0.00|0.80 ;
last VERBpast|-0.00|-0.35 ; last VERBpres1per|-0.00|0.65 ; last VERBpres3per|-0.00|-0.18 ; last act|-0.00|0.06
; last act_noun|0.00|0.72 ; last agreed|0.00|0.31 ; last arranged|-0.00|0.19 ; last backstory|-0.00|-0.23 ;
last client|-0.00|0.03 ; last closing|0.00|1.64 ; last deciding|0.00|0.51 ; last delivering|-0.00|0.31 ; last
filler|-0.00|0.16 ; last generic|-0.00|-0.42 ; last internal|-0.00|-0.00 ; last latin|-0.00|-0.05 ; last
life|-0.00|-0.28 ; last logistics|-0.00|-0.01 ; last meta|0.00|-0.08 ; last money|0.00|0.33 ; last
name|-0.00|0.02 ; last no_talk|-0.00|-0.78 ; last other|-0.00|-0.18 ; last people|-0.00|-0.21 ; last
place|0.00|-0.13 ; last stop|-0.00|-0.48 ; last told|0.00|-0.16 ; last topic |-0.00|-0.16 ; last topic
ADJF|-0.00|0.06 ; last topic ADJS|-0.00|-0.02 ; last topic ADVB|-0.00|-0.19 ; last topic COMP|-0.00|-0.01 ;
last topic INFN|0.00|-0.03 ; last topic NOUN|-0.00|0.02 ; last topic PRTF|-0.00|-0.05 ; last topic
PRTS|-0.00|0.07 ; last topic VERB|-0.00|0.11 ; last unknown|-0.00|0.09 ; last wish|0.00|-0.00 ;
latin|-0.63|-0.65 ; life|-0.71|-0.49 ; logistics|-0.13|0.10 ; meta|-0.12|-0.23 ; money|1.19|0.13 ;
name|-0.08|-0.49 ; negations|0.78|0.42 ; no_talk|-1.76|-0.74 ; not ADJF|0.28|0.09 ; not ADJS|0.35|0.33 ; not
INFN|-0.47|0.07 ; not NOUN|0.61|-0.07 ; not PREP|-0.15|0.18 ; not VERBfutr3per|0.21|0.64 ; not
VERBpast|-0.20|-0.33 ; not VERBpres1per|0.36|0.57 ; not VERBpres3per|0.34|-0.69 ; not act|0.62|0.17 ; not
act_noun|0.14|-0.14 ; not client|1.24|0.28 ; not deciding|0.04|-0.07 ; not delivering|0.54|-0.01 ; not
generic|-0.02|-0.03 ; not life|0.39|0.04 ; not logistics|0.16|0.09 ; not money|0.58|-0.08 ; not
no_talk|-0.34|-0.09 ; not stop|-0.69|-0.19 ; not told|0.19|-0.21 ; not topic INFN|-0.73|0.06 ; not topic
NOUN|1.12|-0.07 ; not topic VERB|0.00|0.50 ; not wish|0.28|0.00 ; numbers|1.69|0.01 ; other|0.17|-0.02 ;
people|-0.05|-0.46 ; place|0.64|-0.33 ; questions|0.09|-0.03 ; repeated|-0.14|-1.38 ; says а|0.21|0.08 ; says
аванс|-0.34|0.04 ; says аттестат|0.06|0.09 ; says база|0.37|-0.04 ; says банк|0.08|0.16 ; says без|0.33|-0.05
; says большой|0.31|0.53 ; says бояться|0.06|0.15 ; says брать|0.11|0.04 ; says бронь|0.34|0.09 ; says
бухгалтер|0.04|-0.12 ; says быть|-0.61|-0.17 ; says бюджет|0.35|-0.06 ; says в|-0.82|0.20 ; says
вариант|0.05|-0.44 ; says ваш|-0.37|-0.22 ; says вернуть|0.12|0.05 ; says вернуться|0.83|0.00 ; says
весь|-0.69|-0.07 ; says взять|-0.65|0.12 ; says внести|-0.55|0.07 ; says вопрос|-0.29|-0.19 ; says
время|-0.04|0.09 ; says все|-0.31|-0.70 ; says встреча|-0.38|0.05 ; says второй|0.01|-0.34 ; says
вы|-0.54|-0.53 ; says выбрать|0.19|-0.03 ; says выписка|0.18|0.03 ; says г|0.09|-0.40 ; says
говорить|-0.95|-0.14 ; says год|0.45|0.32 ; says группа|0.08|-0.09 ; says да|0.27|-0.19 ; says
давать|0.57|-0.00 ; says далекий|0.13|-0.21 ; says дата|-0.22|-0.32 ; says дать|-0.25|0.08 ; says
дача|0.17|0.07 ; says два|0.31|0.27 ; says двое|0.02|-0.01 ; says девочка|-0.06|-0.03 ; says делать|-0.13|0.01
; says дело|-0.10|0.02 ; says день|0.03|0.16 ; says дешевый|0.20|0.07 ; says дизайн|0.04|0.08 ; says
диплом|0.09|0.03 ; says директор|0.11|0.02 ; says для|0.08|0.12 ; says до|0.08|-0.10 ; says
довольный|0.12|-0.04 ; says договор|-0.29|0.10 ; says договоренность|-0.01|0.01 ; says договориться|0.39|0.45
; says документ|-0.49|-0.03 ; says долг|0.03|0.03 ; says дом|-0.27|0.17 ; says дорого|0.29|0.03 ; says
дочь|0.02|0.13 ; says друг|0.26|-0.12 ; says другой|0.43|0.28 ; says думать|-0.50|-0.20 ; says если|-1.01|0.42
; says есть|-0.14|-0.34 ; says ехать|0.14|0.00 ; says еще|-0.09|0.01 ; says ждать|-1.07|0.15 ; says
же|-0.08|0.26 ; says жена|0.18|-0.19 ; says жить|0.09|-0.09 ; says за|0.60|0.59 ; says закрывать|0.66|0.38 ;
says закрытый|0.74|0.17 ; says закрыть|1.16|0.76 ; says занятый|-0.19|-0.14 ; says записать|-0.14|-0.32 ; says
запись|0.32|-0.01 ; says заявка|0.16|0.20 ; says заявление|0.27|0.04 ; says звонить|-0.19|-0.15 ; says
звонок|-0.35|0.04 ; says знать|-0.04|-0.38 ; says и|-0.35|-0.31 ; says идти|-0.23|-0.14 ; says из|0.42|-0.03 ;
says или|0.63|-0.17 ; says интересовать|0.27|-0.01 ; says ипотека|0.19|-0.18 ; says искать|0.21|0.07 ; says
итог|-0.12|-0.00 ; says к|0.17|0.25 ; says как|-0.24|0.12 ; says какой|-0.00|0.02 ; says карта|-0.36|0.38 ;
says квартира|-0.28|0.01 ; says кинуть|0.06|0.09 ; says класс|0.03|-0.30 ; says клиент|-1.23|-0.41 ; says
ключ|-0.70|-0.12 ; says когда|0.37|-0.18 ; says колледж|-0.32|0.14 ; says консультация|-0.33|-0.13 ; says
контакт|-0.36|-0.28 ; says кредит|0.13|-0.08 ; says кто|-0.15|0.01 ; says курс|-0.28|0.27 ; says
кухня|0.21|-0.11 ; says ли|0.93|-0.31 ; says м|0.33|-0.04 ; says мама|0.45|0.23 ; says мастер|0.43|0.20 ; says
машина|0.10|0.17 ; says менеджер|-0.07|-0.20 ; says менять|0.80|0.17 ; says мес|0.11|0.13 ; says
место|0.28|0.12 ; says месяц|0.03|-0.54 ; says минута|0.06|-0.01 ; says млн|0.05|-0.20 ; says можно|-0.01|0.27
; says мой|-0.12|0.09 ; says молчать|-0.09|-0.09 ; says мочь|-0.01|0.04 ; says муж|0.05|-0.17 ; says
мы|0.38|0.14 ; says на|-0.33|0.19 ; says набрать|0.49|0.18 ; says надо|-0.11|0.22 ; says написать|-0.20|0.03 ;
says направление|-0.04|-0.01 ; says наш|0.19|0.21 ; says не|0.14|0.49 ; says неделя|0.02|0.09 ; says
нет|-0.03|-0.10 ; says ничего|0.09|-0.13 ; says но|-0.42|0.13 ; says новый|1.09|0.04 ; says номер|0.15|0.10 ;
says ну|-0.50|-0.06 ; says нужный|0.88|0.33 ; says о|-0.29|-0.14 ; says обещать|-0.27|0.32 ; says
обсудить|0.80|-0.20 ; says объект|-0.36|-0.06 ; says объяснить|0.16|0.05 ; says один|-0.23|-0.02 ; says
окно|0.69|0.01 ; says около|0.02|-0.02 ; says он|-0.71|0.32 ; says она|0.14|0.22 ; says они|-0.43|-0.03 ; says
оплата|0.12|0.10 ; says оплатить|0.24|0.22 ; says остаток|-0.08|0.04 ; says остаться|-0.12|-0.09 ; says
от|-0.65|-0.48 ; says ответ|1.26|0.15 ; says ответить|-0.10|-0.25 ; says отец|0.53|0.07 ; says отказ|0.46|0.17
; says отправить|-0.45|0.03 ; says отпуск|-0.59|-0.36 ; says офис|-0.01|0.20 ; says очень|-0.35|-0.15 ; says
папа|0.40|0.10 ; says паспорт|0.07|0.02 ; says первый|0.31|-0.30 ; says перезвонить|0.36|0.14 ; says
писать|-0.19|0.04 ; says платить|0.21|0.04 ; says по|-0.17|-0.12 ; says поговорить|-0.24|-0.05 ; says
под|0.32|-0.22 ; says подавать|0.25|-0.03 ; says подписать|0.05|-0.10 ; says подписывать|0.32|-0.12 ; says
подтвердить|-0.02|0.21 ; says позвонить|0.06|-0.13 ; says поздний|-0.16|-0.00 ; says пока|0.26|-0.05 ; says
показать|0.09|0.37 ; says полис|-0.16|-0.01 ; says половина|0.18|0.61 ; says получить|0.08|-0.06 ; says
понравиться|0.19|-0.06 ; says попросить|0.25|0.08 ; says после|0.68|0.52 ; says посмотреть|0.30|0.15 ; says
поставить|-0.25|0.08 ; says посчитать|0.05|0.12 ; says потом|-0.25|0.11 ; says почта|-0.23|0.14 ; says
практика|0.10|0.10 ; says предложить|0.12|0.09 ; says предоплата|0.26|0.09 ; says при|-0.06|-0.23 ; says
приехать|0.15|0.05 ; says прийти|0.21|-0.01 ; says принять|0.18|-0.13 ; says прислать|0.32|-0.08 ; says
про|0.56|-0.42 ; says пробный|0.23|0.27 ; says провести|-0.82|-0.24 ; says просить|0.47|0.19 ; says
против|0.04|0.36 ; says прошлый|-0.26|0.10 ; says р|-0.08|0.04 ; says работа|0.03|0.04 ; says
работать|0.02|-0.49 ; says раз|0.38|-0.24 ; says разговор|0.19|-0.07 ; says ранний|-0.45|-0.18 ; says
рассказать|0.24|0.23 ; says рассрочка|0.39|-0.05 ; says ребенок|0.42|-0.24 ; says решать|-0.15|-0.01 ; says
решить|0.11|0.01 ; says с|-0.10|-0.06 ; says сайт|-0.00|-0.03 ; says сам|1.09|0.47 ; says свой|0.08|0.15 ;
says связь|-0.00|0.04 ; says сдать|-0.32|-0.39 ; says сделать|0.10|0.08 ; says сделка|0.55|0.15 ; says
себя|-0.27|-0.08 ; says сейчас|-0.10|0.10 ; says сказать|-0.23|-0.40 ; says скан|-0.45|0.03 ; says
скидка|0.08|-0.25 ; says скинуть|-0.92|0.51 ; says склад|0.40|-0.05 ; says сколько|0.09|-0.07 ; says
слать|0.31|0.21 ; says смотреть|0.34|-0.31 ; says смс|-0.30|0.08 ; says смущать|0.09|0.12 ; says
снять|0.26|0.03 ; says согласиться|0.11|0.07 ; says согласный|0.23|0.12 ; says согласовать|-0.02|0.01 ; says
созвон|-0.08|0.09 ; says созвониться|-0.14|0.11 ; says сообщить|-0.19|-0.40 ; says сосед|0.31|0.14 ; says
спасибо|-0.15|-0.02 ; says спо|-0.11|0.04 ; says справка|0.34|0.01 ; says спрашивать|0.37|-0.04 ; says
спросить|0.61|-0.35 ; says сразу|0.19|0.02 ; says срок|0.22|-0.09 ; says ссылка|-0.02|0.04 ; says
ставка|0.16|-0.27 ; says стоимость|0.24|-0.03 ; says счет|0.21|0.15 ; says сын|0.39|-0.15 ; says
так|-0.11|0.14 ; says такой|-0.77|-0.07 ; says там|0.31|-0.16 ; says телефон|0.00|-0.13 ; says то|-0.69|-0.00
; says тогда|0.11|0.07 ; says тоже|-0.16|-0.01 ; says только|0.04|-0.32 ; says тот|-0.03|-0.01 ; says
три|0.01|0.10 ; says трубка|-0.01|-0.05 ; says тыс|0.14|0.09 ; says у|0.34|0.15 ; says уже|0.76|0.03 ; says
узнавать|0.22|0.18 ; says уйти|0.53|-0.34 ; says фото|-0.35|-0.06 ; says хороший|0.02|0.06 ; says
хотеть|0.07|0.29 ; says цена|0.41|-0.06 ; says час|0.39|-0.12 ; says чел|0.20|0.16 ; says человек|-0.90|-0.30
; says чем|0.25|-0.13 ; says что|-0.37|-0.14 ; says чтоб|0.38|-0.12 ; says школа|0.08|0.11 ; says шт|0.03|0.27
; says этаж|0.17|-0.04 ; says это|-0.16|0.02 ; says я|-0.66|-0.05 ; sentences|0.98|-0.13 ; share
act|-0.12|0.04 ; share act_noun|-0.23|0.10 ; share agreed|-0.12|0.10 ; share arranged|-0.30|0.05 ; share
backstory|-0.11|-0.02 ; share client|-0.03|-0.02 ; share closing|0.48|0.22 ; share deciding|0.04|0.08 ; share
delivering|-0.04|0.08 ; share filler|0.01|0.10 ; share generic|-0.80|-0.13 ; share internal|-0.36|-0.01 ;
share life|-0.09|-0.08 ; share logistics|-0.28|0.12 ; share meta|-0.08|-0.03 ; share money|0.14|0.07 ; share
no_talk|-0.49|-0.14 ; share people|-0.05|-0.05 ; share stop|-1.13|-0.05 ; share told|0.12|-0.02 ; share
topic|0.73|-0.12 ; share wish|0.08|-0.08 ; stop|-0.32|0.46 ; times|1.10|2.77 ; times with digits|0.09|0.86 ;
told|1.14|-0.25 ; topic |0.31|-0.04 ; topic ADJF|0.96|-0.08 ; topic ADJS|0.28|0.08 ; topic ADVB|0.15|-0.20 ;
topic COMP|-0.04|0.02 ; topic INFN|0.21|0.18 ; topic NOUN|2.66|0.45 ; topic PRTF|-0.48|-0.11 ; topic
PRTS|-0.32|-0.20 ; topic VERB|0.21|0.70 ; two times at once|-0.27|0.82 ; unknown|1.32|-0.17 ; vague
times|1.40|-0.77 ; wish|1.07|-0.30 ; words|-0.50|-0.18
""")
