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
always|-5.86|0.68 ; ADJF|0.17|0.02 ; ADJS|0.16|0.05 ; ADVB|0.07|-0.18 ; COMP|0.16|-0.02 ; CONJ|0.39|-0.36 ;
INFN|0.50|0.07 ; INTJ|-0.23|-0.04 ; NOUN|0.49|-0.48 ; NPRO|-0.16|-0.14 ; NPRO1per|-0.36|0.18 ;
NPRO2per|-0.54|-0.45 ; NPRO3per|-0.60|0.50 ; NUMR|0.44|0.27 ; PRCL|-0.02|-0.09 ; PREDpres|0.34|-0.13 ;
PREP|0.28|0.10 ; PRTFpast|-0.05|-0.03 ; PRTFpres|-0.29|-0.04 ; PRTSpast|-0.95|-0.41 ; VERB|-0.50|-0.10 ;
VERBfutr1per|-0.27|0.52 ; VERBfutr3per|-0.10|1.33 ; VERBpast|-0.20|0.43 ; VERBpres1per|-0.40|0.28 ;
VERBpres3per|1.00|-0.56 ; act|-0.19|0.55 ; act_noun|0.18|0.26 ; agreed|0.00|0.71 ; amounts|1.46|-0.32 ;
arranged|-0.08|0.80 ; backstory|-0.52|-0.15 ; client|1.04|-0.14 ; closing|1.74|1.48 ; conditions|-0.03|0.30 ;
dated ADJF|0.02|-0.59 ; dated ADJS|-0.09|-0.32 ; dated ADVB|0.32|-0.21 ; dated COMP|-0.11|-0.04 ; dated
CONJ|0.02|-0.57 ; dated INFN|0.30|-0.15 ; dated NOUN|0.59|0.31 ; dated NPRO|-0.08|0.02 ; dated
NPRO1per|0.14|0.16 ; dated NPRO3per|0.18|0.40 ; dated NUMR|-0.03|0.08 ; dated PRCL|-0.46|-0.61 ; dated
PREDpres|0.13|0.02 ; dated PREP|-0.23|1.19 ; dated PRTSpast|-0.50|-0.14 ; dated VERB|-0.03|-0.21 ; dated
VERBfutr1per|-0.05|0.55 ; dated VERBfutr3per|0.52|0.90 ; dated VERBpast|-0.26|-0.28 ; dated
VERBpres1per|0.46|0.43 ; dated VERBpres3per|-0.09|-0.11 ; dated act|0.52|0.93 ; dated act_noun|-0.10|1.03 ;
dated agreed|-0.64|0.75 ; dated arranged|-0.25|0.75 ; dated backstory|-0.51|-0.17 ; dated client|0.16|0.04 ;
dated closing|-0.06|0.13 ; dated deciding|-0.08|0.27 ; dated delivering|0.11|0.49 ; dated filler|0.21|0.31 ;
dated generic|-0.15|0.22 ; dated internal|-0.07|-0.11 ; dated latin|0.32|0.26 ; dated life|-0.56|-0.51 ; dated
logistics|-0.32|0.40 ; dated meta|0.19|0.27 ; dated money|0.71|0.30 ; dated name|0.44|0.04 ; dated
no_talk|-0.72|-0.19 ; dated other|0.33|0.12 ; dated people|-0.61|-0.08 ; dated place|-0.01|-0.08 ; dated
stop|-0.24|0.31 ; dated told|-0.74|-0.38 ; dated topic |0.32|0.33 ; dated topic ADJF|0.10|-0.52 ; dated topic
ADJS|-0.17|-0.38 ; dated topic ADVB|0.18|-0.48 ; dated topic COMP|-0.14|-0.10 ; dated topic INFN|0.44|-0.20 ;
dated topic NOUN|0.73|-0.37 ; dated topic VERB|0.47|-0.08 ; dated unknown|0.47|0.62 ; dated wish|-0.02|-0.76 ;
deciding|0.30|0.59 ; delivering|-0.30|0.67 ; end ADJF|-0.22|-0.14 ; end ADJS|0.20|0.36 ; end ADVB|-0.11|0.02 ;
end COMP|0.21|0.13 ; end CONJ|0.40|-0.20 ; end INFN|-0.16|-0.09 ; end NOUN|-0.44|-0.07 ; end NPRO|0.05|0.00 ;
end NPRO1per|0.16|-0.03 ; end NPRO3per|0.25|0.19 ; end NUMR|-0.06|0.04 ; end PRCL|0.41|0.11 ; end
PREDpres|-0.06|-0.07 ; end PREP|0.41|0.10 ; end PRTSpast|0.23|0.11 ; end VERB|-0.26|-0.08 ; end
VERBfutr1per|0.04|0.05 ; end VERBfutr3per|0.72|0.12 ; end VERBpast|0.34|0.05 ; end VERBpres1per|0.42|0.50 ;
end VERBpres3per|-0.20|0.07 ; end act|0.46|0.50 ; end act_noun|0.90|0.71 ; end agreed|0.78|0.17 ; end
arranged|-0.74|-0.00 ; end backstory|0.01|-0.02 ; end client|0.47|-0.15 ; end closing|1.91|1.40 ; end
deciding|-0.10|0.35 ; end delivering|0.36|0.02 ; end filler|0.26|-0.08 ; end generic|0.72|-0.14 ; end
internal|0.27|0.01 ; end latin|-0.37|-0.04 ; end life|-0.01|-0.37 ; end logistics|0.30|0.60 ; end
meta|-0.20|-0.05 ; end money|-0.41|-0.20 ; end name|-0.39|0.32 ; end no_talk|-0.26|-0.29 ; end
other|-0.68|-0.20 ; end people|-0.20|-0.05 ; end place|-0.12|-0.03 ; end stop|0.03|-0.31 ; end told|-0.18|0.01
; end topic |-0.19|-0.08 ; end topic ADJF|-0.12|0.12 ; end topic ADJS|0.48|0.31 ; end topic ADVB|-0.21|0.02 ;
end topic COMP|0.21|0.21 ; end topic INFN|-0.18|-0.19 ; end topic NOUN|-0.84|-0.50 ; end topic PRTS|0.27|0.10
; end topic VERB|0.44|0.15 ; end unknown|-0.56|0.04 ; end wish|0.03|-0.05 ; ends with a time|1.29|1.20 ;
filler|-0.51|0.16 ; generic|-1.37|-0.57 ; if ADJF|-0.22|-0.04 ; if ADJS|0.10|0.11 ; if ADVB|-0.04|0.27 ; if
CONJ|-0.17|0.04 ; if INFN|-0.09|-0.03 ; if NOUN|0.47|-0.13 ; if NPRO1per|0.21|-0.06 ; if NPRO3per|0.16|-0.04 ;
if PRCL|-0.37|0.03 ; if PREP|0.24|0.42 ; if VERBfutr1per|-0.12|-0.01 ; if VERBfutr3per|-0.34|0.40 ; if
VERBpast|0.12|-0.21 ; if VERBpres1per|0.16|0.08 ; if VERBpres3per|0.12|-0.19 ; if act|-0.27|0.01 ; if
act_noun|0.19|0.19 ; if agreed|0.16|0.00 ; if arranged|0.03|-0.01 ; if client|0.25|0.01 ; if
deciding|0.12|0.02 ; if delivering|-0.23|-0.10 ; if filler|0.14|-0.03 ; if generic|0.13|0.03 ; if
life|-0.03|0.06 ; if logistics|-0.29|0.02 ; if meta|0.21|0.04 ; if money|-0.06|-0.11 ; if no_talk|-0.07|-0.16
; if other|-0.55|0.22 ; if people|0.02|-0.10 ; if stop|-0.42|0.15 ; if told|0.19|-0.05 ; if topic
ADJF|-0.01|-0.05 ; if topic ADVB|-0.10|0.31 ; if topic INFN|-0.02|0.02 ; if topic NOUN|0.65|-0.12 ; if topic
VERB|-0.27|0.25 ; if unknown|0.12|0.14 ; if wish|0.18|0.03 ; internal|-0.93|-0.21 ; last ADJF|0.50|-0.28 ;
last ADJS|0.12|0.02 ; last ADVB|-0.04|-0.03 ; last COMP|0.35|-0.06 ; last CONJ|0.05|-0.10 ; last
INFN|-0.10|-0.01 ; last INTJ|-0.16|-0.04 ; last NOUN|-0.61|-0.20 ; last NPRO|-0.12|-0.06 ; last
NPRO1per|-0.48|0.04 ; last NPRO2per|-0.49|-0.14 ; last NPRO3per|-0.57|0.44 ; last NUMR|0.18|0.00 ; last
PRCL|-0.29|-0.18 ; last PREDpres|0.32|-0.21 ; last PREP|0.01|0.03 ; last PRTFpast|-0.05|-0.02 ; last
PRTSpast|-0.30|-0.04 ; last VERB|-0.27|0.06 ; last VERBfutr1per|0.04|0.22 ; last VERBfutr3per|0.32|0.76 ; last
VERBpast|-0.23|-0.21 ; last VERBpres1per|0.11|0.61 ; last VERBpres3per|0.36|-0.29 ; last act|-0.06|0.19 ; last
act_noun|0.12|0.63 ; last agreed|0.14|0.27 ; last arranged|-0.17|0.22 ; last backstory|-0.61|-0.24 ; last
client|0.44|-0.03 ; last closing|1.67|1.49 ; last deciding|0.32|0.49 ; last delivering|-0.39|0.29 ; last
filler|-0.17|0.15 ; last generic|0.34|-0.51 ; last internal|-1.38|0.01 ; last latin|-0.18|-0.03 ; last
life|-0.18|-0.30 ; last logistics|0.03|-0.01 ; last meta|-0.06|-0.08 ; last money|0.07|0.38 ; last
name|0.04|-0.11 ; last no_talk|-0.43|-0.71 ; last other|-0.05|-0.27 ; last people|0.07|-0.17 ; last
place|0.23|-0.16 ; last stop|-0.10|-0.42 ; last told|0.49|-0.18 ; last topic |-0.11|-0.15 ; last topic
ADJF|0.45|-0.16 ; last topic ADJS|0.15|-0.02 ; last topic ADVB|0.12|-0.15 ; last topic COMP|0.15|-0.09 ; last
topic INFN|-0.23|-0.04 ; last topic NOUN|0.16|0.02 ; last topic PRTF|-0.14|-0.05 ; last topic PRTS|-0.04|0.01
; last topic VERB|-0.15|0.04 ; last unknown|-0.12|0.15 ; last wish|0.34|-0.04 ; latin|-0.28|-0.70 ;
life|-0.62|-0.29 ; logistics|0.20|0.14 ; meta|-0.01|-0.20 ; money|1.01|0.05 ; name|0.12|-0.55 ;
negations|0.84|0.37 ; no_talk|-1.16|-0.59 ; not ADJF|0.30|0.06 ; not ADJS|0.19|0.29 ; not INFN|-0.26|0.05 ;
not NOUN|0.60|-0.08 ; not PREP|-0.06|0.17 ; not VERBfutr3per|0.19|0.62 ; not VERBpast|0.01|-0.33 ; not
VERBpres1per|0.47|0.53 ; not VERBpres3per|0.14|-0.63 ; not act|0.47|0.13 ; not act_noun|0.13|-0.19 ; not
client|0.98|0.24 ; not deciding|-0.12|-0.15 ; not delivering|0.42|-0.02 ; not generic|-0.24|-0.00 ; not
life|0.36|0.01 ; not logistics|0.31|0.01 ; not money|0.45|-0.08 ; not no_talk|-0.37|-0.06 ; not
stop|-0.68|-0.08 ; not told|0.29|-0.20 ; not topic INFN|-0.36|0.03 ; not topic NOUN|1.02|-0.03 ; not topic
VERB|-0.07|0.49 ; not wish|0.29|-0.04 ; numbers|1.61|-0.09 ; other|0.76|-0.21 ; people|-0.06|-0.23 ;
place|0.46|-0.37 ; questions|0.10|0.01 ; repeated|-0.37|-0.98 ; says а|0.38|0.15 ; says аванс|-0.05|0.04 ;
says аттестат|0.07|0.11 ; says база|0.20|0.02 ; says банк|0.07|0.14 ; says без|0.24|-0.09 ; says
большой|0.28|0.47 ; says бояться|0.04|0.11 ; says брать|-0.04|-0.04 ; says бронь|0.26|0.07 ; says
бухгалтер|0.02|-0.14 ; says быть|-0.19|-0.25 ; says бюджет|0.19|-0.09 ; says в|-0.67|0.00 ; says
вариант|-0.01|-0.45 ; says ваш|-0.36|-0.25 ; says вернуть|0.06|0.06 ; says вернуться|0.72|-0.03 ; says
весь|-0.47|-0.01 ; says взять|-0.68|0.21 ; says внести|-0.16|0.09 ; says вопрос|-0.23|-0.18 ; says
время|0.06|0.09 ; says все|-0.25|-0.74 ; says встреча|-0.21|0.05 ; says второй|-0.02|-0.34 ; says
вы|-0.54|-0.45 ; says выбрать|0.19|-0.03 ; says выписка|0.15|0.02 ; says г|0.00|-0.45 ; says
говорить|-0.80|-0.09 ; says год|0.42|0.34 ; says группа|0.02|-0.03 ; says да|0.19|-0.18 ; says
давать|0.29|-0.03 ; says далекий|0.13|-0.20 ; says дата|-0.18|-0.39 ; says дать|-0.01|0.10 ; says
дача|0.10|0.02 ; says два|0.41|0.24 ; says двое|0.03|-0.08 ; says девочка|-0.05|-0.07 ; says делать|-0.08|0.03
; says дело|-0.07|0.05 ; says день|-0.15|0.14 ; says дешевый|0.04|0.09 ; says дизайн|0.01|0.08 ; says
диплом|0.04|0.05 ; says директор|0.14|0.04 ; says для|0.06|0.07 ; says до|-0.41|0.42 ; says
довольный|0.19|-0.03 ; says договор|-0.21|0.09 ; says договоренность|0.03|0.01 ; says договориться|0.21|0.37 ;
says документ|-0.49|-0.02 ; says долг|0.02|0.02 ; says дом|-0.14|0.18 ; says дорого|0.20|0.08 ; says
дочь|0.00|0.09 ; says друг|0.26|-0.04 ; says другой|0.25|0.23 ; says думать|-0.40|-0.23 ; says если|-0.50|0.47
; says есть|0.04|-0.37 ; says ехать|0.12|-0.00 ; says еще|-0.15|0.02 ; says ждать|-0.81|0.14 ; says
же|-0.02|0.26 ; says жена|0.15|-0.16 ; says жить|0.12|-0.15 ; says за|0.48|0.59 ; says закрывать|0.33|0.37 ;
says закрытый|0.36|0.15 ; says закрыть|0.64|0.78 ; says занятый|-0.26|-0.16 ; says записать|-0.06|-0.33 ; says
запись|0.32|0.01 ; says заявка|0.11|0.15 ; says заявление|0.21|0.04 ; says звонить|-0.31|-0.21 ; says
звонок|-0.23|0.04 ; says знать|-0.07|-0.31 ; says и|-0.24|-0.33 ; says идти|-0.18|-0.12 ; says из|0.16|-0.02 ;
says или|0.39|-0.11 ; says интересовать|0.20|-0.04 ; says ипотека|0.20|-0.19 ; says искать|0.32|0.08 ; says
итог|-0.01|-0.00 ; says к|0.03|0.18 ; says как|-0.34|0.17 ; says какой|0.07|0.01 ; says карта|-0.14|0.34 ;
says квартира|-0.22|-0.02 ; says кинуть|0.05|0.09 ; says класс|-0.12|-0.29 ; says клиент|-1.00|-0.26 ; says
ключ|-0.55|-0.09 ; says когда|0.25|-0.21 ; says колледж|-0.33|0.15 ; says консультация|-0.17|-0.12 ; says
контакт|-0.26|-0.27 ; says кредит|0.14|-0.11 ; says кто|-0.04|0.05 ; says курс|-0.19|0.26 ; says
кухня|0.14|-0.07 ; says ли|0.92|-0.36 ; says м|0.19|-0.01 ; says мама|0.21|0.15 ; says мастер|0.57|0.17 ; says
машина|0.10|0.18 ; says менеджер|-0.04|-0.23 ; says менять|0.60|0.18 ; says мес|0.14|0.21 ; says
место|0.33|0.12 ; says месяц|0.15|-0.53 ; says минута|0.02|-0.03 ; says млн|0.05|-0.17 ; says можно|-0.03|0.19
; says мой|-0.05|0.10 ; says молчать|-0.20|-0.03 ; says мочь|0.03|0.04 ; says муж|0.05|-0.27 ; says
мы|0.38|0.14 ; says на|-0.31|0.01 ; says набрать|0.37|0.17 ; says надо|-0.04|0.18 ; says написать|-0.11|0.03 ;
says направление|0.04|0.00 ; says наш|0.07|0.16 ; says не|0.35|0.47 ; says неделя|0.03|0.10 ; says
нет|-0.06|-0.05 ; says ничего|0.07|-0.10 ; says но|-0.51|0.14 ; says новый|0.59|0.11 ; says номер|0.06|0.06 ;
says ну|-0.24|-0.06 ; says нужный|0.60|0.34 ; says о|-0.05|-0.09 ; says обещать|-0.11|0.34 ; says
обсудить|0.69|-0.25 ; says объект|-0.16|-0.02 ; says объяснить|0.06|0.03 ; says один|-0.31|-0.03 ; says
окно|0.54|-0.04 ; says около|-0.10|-0.04 ; says он|-0.43|0.36 ; says она|0.01|0.17 ; says они|-0.43|0.03 ;
says оплата|0.09|0.08 ; says оплатить|0.16|0.17 ; says остаток|-0.24|0.06 ; says остаться|-0.01|-0.08 ; says
от|-0.57|-0.45 ; says ответ|1.02|0.14 ; says ответить|0.12|-0.19 ; says отец|0.34|0.07 ; says отказ|0.21|0.14
; says отправить|-0.45|-0.01 ; says отпуск|-0.51|-0.22 ; says офис|0.04|0.16 ; says очень|-0.26|-0.13 ; says
папа|0.36|0.08 ; says паспорт|-0.16|0.01 ; says первый|0.19|-0.32 ; says перезвонить|0.30|0.11 ; says
писать|-0.26|0.04 ; says платить|0.24|0.03 ; says по|0.16|-0.25 ; says поговорить|-0.24|-0.04 ; says
под|0.20|-0.10 ; says подавать|0.14|-0.03 ; says подписать|-0.18|-0.12 ; says подписывать|0.25|-0.15 ; says
подтвердить|0.13|0.21 ; says позвонить|0.04|-0.13 ; says поздний|-0.18|0.01 ; says пока|0.05|-0.02 ; says
показать|0.06|0.38 ; says полис|-0.06|-0.01 ; says половина|0.19|0.52 ; says получить|0.20|-0.05 ; says
понравиться|0.11|-0.06 ; says попросить|0.15|0.08 ; says после|0.44|0.46 ; says посмотреть|0.26|0.14 ; says
поставить|-0.09|0.07 ; says посчитать|0.06|0.16 ; says потом|-0.19|0.14 ; says почта|-0.33|0.20 ; says
практика|0.06|0.06 ; says предложить|0.05|0.08 ; says предоплата|0.33|0.08 ; says при|-0.03|-0.25 ; says
приехать|0.05|0.05 ; says прийти|0.21|-0.03 ; says принять|0.18|-0.13 ; says прислать|0.50|-0.07 ; says
про|0.57|-0.44 ; says пробный|0.11|0.20 ; says провести|-0.42|-0.20 ; says просить|0.29|0.19 ; says
против|0.11|0.33 ; says прошлый|-0.32|0.11 ; says р|-0.08|0.05 ; says работа|-0.00|0.03 ; says
работать|-0.02|-0.14 ; says раз|0.20|-0.24 ; says разговор|0.19|-0.07 ; says ранний|-0.29|-0.19 ; says
рассказать|0.21|0.16 ; says рассрочка|0.33|-0.05 ; says ребенок|0.38|-0.23 ; says решать|-0.01|0.01 ; says
решить|0.08|0.00 ; says с|-0.23|0.26 ; says сайт|-0.10|-0.00 ; says сам|0.59|0.38 ; says свой|0.09|0.17 ; says
связь|-0.08|0.05 ; says сдать|-0.11|-0.36 ; says сделать|-0.06|0.04 ; says сделка|0.38|0.14 ; says
себя|-0.29|-0.10 ; says сейчас|-0.29|0.16 ; says сказать|-0.26|-0.30 ; says скан|-0.38|0.02 ; says
скидка|0.18|-0.32 ; says скинуть|-0.76|0.55 ; says склад|-0.08|-0.06 ; says сколько|0.11|-0.06 ; says
слать|0.19|0.19 ; says смотреть|0.10|-0.33 ; says смс|-0.24|0.11 ; says смущать|0.17|0.11 ; says
снять|0.19|-0.03 ; says согласиться|0.08|0.08 ; says согласный|0.07|0.11 ; says согласовать|-0.11|0.00 ; says
созвон|-0.02|0.09 ; says созвониться|-0.19|0.07 ; says сообщить|-0.11|-0.53 ; says сосед|0.22|0.09 ; says
спасибо|-0.19|-0.01 ; says спо|-0.02|0.06 ; says справка|0.17|0.00 ; says спрашивать|0.45|0.05 ; says
спросить|0.65|-0.26 ; says сразу|0.08|0.03 ; says срок|0.02|-0.02 ; says ссылка|-0.02|0.02 ; says
ставка|0.05|-0.25 ; says стоимость|0.22|-0.04 ; says счет|0.13|0.11 ; says сын|0.11|-0.16 ; says
так|-0.02|0.07 ; says такой|-0.46|-0.07 ; says там|0.13|-0.13 ; says телефон|0.11|-0.11 ; says то|-0.62|0.01 ;
says тогда|0.09|0.06 ; says тоже|-0.15|-0.05 ; says только|0.14|-0.42 ; says тот|0.06|-0.00 ; says
три|-0.08|0.12 ; says трубка|-0.11|-0.05 ; says тыс|0.11|0.07 ; says у|0.37|0.07 ; says уже|0.36|-0.02 ; says
узнавать|0.20|0.13 ; says уйти|0.38|-0.30 ; says фото|-0.18|-0.02 ; says хороший|0.13|0.05 ; says
хотеть|0.04|0.13 ; says цена|0.40|-0.06 ; says час|0.24|-0.14 ; says чел|0.08|0.16 ; says человек|-0.69|-0.33
; says чем|0.29|-0.13 ; says что|-0.21|-0.18 ; says чтоб|0.20|-0.11 ; says школа|0.09|0.02 ; says шт|0.09|0.26
; says этаж|0.14|-0.06 ; says это|-0.10|-0.00 ; says я|-0.71|-0.05 ; sentences|1.04|-0.03 ; share
act|-0.06|0.10 ; share act_noun|-0.17|0.09 ; share agreed|-0.13|0.08 ; share arranged|-0.09|0.06 ; share
backstory|-0.08|-0.02 ; share client|-0.04|-0.04 ; share closing|0.26|0.19 ; share deciding|0.02|0.08 ; share
delivering|-0.07|0.06 ; share filler|-0.01|0.09 ; share generic|-0.75|-0.13 ; share internal|-0.20|-0.00 ;
share life|-0.08|-0.05 ; share logistics|0.03|0.10 ; share meta|-0.07|-0.03 ; share money|0.18|0.07 ; share
no_talk|-0.20|-0.08 ; share people|-0.06|-0.03 ; share stop|-0.61|0.06 ; share told|0.11|-0.03 ; share
topic|0.76|0.18 ; share wish|0.07|-0.11 ; stop|-0.40|0.39 ; times|-0.27|3.07 ; times with digits|0.09|1.12 ;
told|1.01|-0.24 ; topic |0.36|-0.17 ; topic ADJF|0.81|-0.05 ; topic ADJS|0.01|-0.00 ; topic ADVB|0.01|-0.17 ;
topic COMP|-0.05|-0.03 ; topic INFN|0.19|0.06 ; topic NOUN|2.51|0.13 ; topic PRTF|-0.26|-0.03 ; topic
PRTS|-0.44|-0.14 ; topic VERB|-0.01|0.47 ; two times at once|0.15|1.00 ; unknown|1.10|-0.19 ; vague
times|0.40|-0.74 ; wish|1.14|-0.39 ; words|0.31|-0.43
""")
