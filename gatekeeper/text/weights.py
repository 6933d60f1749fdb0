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
always|-4.30|-1.60 ; ADJF|0.65|-0.22 ; ADJS|0.12|0.03 ; ADVB|0.07|-0.19 ; COMP|0.24|0.01 ; CONJ|0.25|-0.39 ;
INFN|0.21|0.12 ; INTJ|-0.26|-0.08 ; NOUN|0.25|-0.35 ; NPRO|-0.44|-0.14 ; NPRO1per|-0.34|0.20 ;
NPRO2per|-0.53|-0.56 ; NPRO3per|-0.75|0.43 ; NUMR|0.42|0.41 ; PRCL|-0.53|0.00 ; PREDpres|0.45|-0.01 ;
PREP|0.12|0.06 ; PRTFpast|-0.08|-0.02 ; PRTFpres|-0.50|-0.11 ; PRTSpast|-1.30|-0.48 ; VERB|-0.81|-0.18 ;
VERBfutr1per|-0.16|0.58 ; VERBfutr3per|0.64|1.35 ; VERBpast|-0.86|0.53 ; VERBpres1per|0.30|0.26 ;
VERBpres3per|1.25|-0.64 ; act|0.22|0.50 ; act_noun|0.34|0.33 ; agreed|-0.11|0.91 ; amounts|1.44|-0.29 ;
arranged|-0.28|0.83 ; backstory|-0.92|-0.19 ; client|1.32|-0.05 ; closing|3.25|1.58 ; conditions|0.03|0.32 ;
dated ADJF|0.00|-0.69 ; dated ADJS|0.00|-0.33 ; dated ADVB|0.00|-0.17 ; dated COMP|-0.00|-0.03 ; dated
CONJ|0.00|-0.55 ; dated INFN|0.00|-0.10 ; dated NOUN|0.01|0.28 ; dated NPRO|-0.00|0.02 ; dated
NPRO1per|0.00|0.24 ; dated NPRO3per|0.00|0.51 ; dated NUMR|0.00|0.14 ; dated PRCL|-0.00|-0.65 ; dated
PREDpres|0.00|-0.04 ; dated PREP|0.01|1.18 ; dated PRTSpast|-0.00|-0.12 ; dated VERB|0.00|-0.20 ; dated
VERBfutr1per|0.00|0.63 ; dated VERBfutr3per|0.00|0.95 ; dated VERBpast|0.00|-0.33 ; dated
VERBpres1per|0.00|0.63 ; dated VERBpres3per|0.00|-0.25 ; dated act|0.00|1.04 ; dated act_noun|0.00|1.04 ;
dated agreed|-0.00|0.84 ; dated arranged|-0.00|0.75 ; dated backstory|-0.00|-0.18 ; dated client|0.00|0.16 ;
dated closing|0.00|0.10 ; dated deciding|0.00|0.27 ; dated delivering|0.00|0.48 ; dated filler|0.00|0.43 ;
dated generic|0.00|0.08 ; dated internal|0.00|-0.12 ; dated latin|0.00|0.30 ; dated life|-0.00|-0.74 ; dated
logistics|0.00|0.55 ; dated meta|0.00|0.37 ; dated money|0.00|0.35 ; dated name|0.00|0.21 ; dated
no_talk|-0.00|-0.31 ; dated other|0.00|0.34 ; dated people|-0.00|-0.16 ; dated place|0.00|-0.05 ; dated
stop|0.00|0.38 ; dated told|-0.00|-0.48 ; dated topic |0.00|0.40 ; dated topic ADJF|0.00|-0.58 ; dated topic
ADJS|-0.00|-0.33 ; dated topic ADVB|0.00|-0.55 ; dated topic COMP|-0.00|-0.08 ; dated topic INFN|0.00|-0.18 ;
dated topic NOUN|0.01|-0.31 ; dated topic VERB|0.00|0.06 ; dated unknown|0.00|0.46 ; dated wish|0.00|-0.78 ;
deciding|0.63|0.55 ; delivering|-0.37|0.70 ; end ADJF|-0.00|0.02 ; end ADJS|0.00|0.35 ; end ADVB|-0.00|0.15 ;
end COMP|0.00|0.22 ; end CONJ|0.00|-0.03 ; end INFN|-0.00|-0.10 ; end NOUN|-0.00|-0.19 ; end NPRO|0.00|-0.02 ;
end NPRO1per|0.00|-0.03 ; end NPRO3per|0.00|0.17 ; end NUMR|-0.00|0.12 ; end PRCL|0.00|0.24 ; end
PREDpres|-0.00|-0.08 ; end PREP|0.00|0.10 ; end PRTSpast|0.00|0.17 ; end VERB|-0.00|-0.19 ; end
VERBfutr1per|0.00|0.07 ; end VERBfutr3per|0.00|0.20 ; end VERBpast|0.00|0.02 ; end VERBpres1per|0.00|0.60 ;
end VERBpres3per|-0.00|0.10 ; end act|0.00|0.59 ; end act_noun|0.00|0.91 ; end agreed|0.00|0.19 ; end
arranged|-0.00|0.03 ; end backstory|0.00|-0.01 ; end client|0.00|-0.03 ; end closing|0.00|1.57 ; end
deciding|0.00|0.33 ; end delivering|0.00|0.04 ; end filler|0.00|-0.07 ; end generic|0.01|-0.04 ; end
internal|0.00|0.05 ; end latin|-0.00|-0.03 ; end life|-0.00|-0.39 ; end logistics|0.00|0.74 ; end
meta|0.00|-0.08 ; end money|0.00|-0.29 ; end name|-0.00|0.49 ; end no_talk|-0.00|-0.39 ; end other|-0.00|-0.11
; end people|-0.00|-0.02 ; end place|-0.00|0.02 ; end stop|0.00|-0.25 ; end told|-0.00|0.02 ; end topic
|-0.00|0.02 ; end topic ADJF|-0.00|0.34 ; end topic ADJS|0.00|0.31 ; end topic ADVB|-0.00|0.08 ; end topic
COMP|0.00|0.27 ; end topic INFN|-0.00|-0.17 ; end topic NOUN|-0.01|-0.74 ; end topic PRTS|0.00|0.16 ; end
topic VERB|0.00|0.14 ; end unknown|-0.00|-0.45 ; end wish|-0.00|-0.05 ; ends with a time|0.01|1.52 ;
filler|-0.49|0.14 ; generic|-1.00|-0.60 ; if ADJF|-0.00|-0.03 ; if ADJS|0.00|0.10 ; if ADVB|0.00|0.19 ; if
CONJ|-0.00|0.02 ; if INFN|-0.00|-0.01 ; if NOUN|0.00|-0.09 ; if NPRO1per|0.00|-0.11 ; if NPRO3per|0.00|-0.05 ;
if PRCL|-0.00|-0.02 ; if PREP|0.00|0.40 ; if VERBfutr1per|-0.00|0.01 ; if VERBfutr3per|-0.00|0.38 ; if
VERBpast|0.00|-0.18 ; if VERBpres1per|0.00|0.07 ; if VERBpres3per|0.00|-0.18 ; if act|0.00|0.01 ; if
act_noun|0.00|0.16 ; if agreed|0.00|0.00 ; if arranged|-0.00|0.01 ; if client|0.00|0.04 ; if
deciding|0.00|0.02 ; if delivering|-0.00|-0.04 ; if filler|0.00|-0.07 ; if generic|0.00|0.07 ; if
life|-0.00|0.03 ; if logistics|-0.00|0.07 ; if meta|0.00|0.06 ; if money|0.00|-0.13 ; if no_talk|-0.00|-0.09 ;
if other|-0.00|0.15 ; if people|-0.00|-0.07 ; if stop|-0.00|0.17 ; if told|0.00|-0.05 ; if topic
ADJF|0.00|-0.02 ; if topic ADVB|-0.00|0.24 ; if topic INFN|-0.00|0.02 ; if topic NOUN|0.00|-0.10 ; if topic
VERB|-0.00|0.19 ; if unknown|0.00|0.15 ; if wish|0.00|0.04 ; internal|-1.97|-0.29 ; last ADJF|0.00|-0.13 ;
last ADJS|0.00|-0.03 ; last ADVB|-0.00|0.02 ; last COMP|0.00|0.02 ; last CONJ|0.00|-0.05 ; last
INFN|-0.00|-0.06 ; last INTJ|-0.00|-0.08 ; last NOUN|-0.00|-0.40 ; last NPRO|-0.00|-0.06 ; last
NPRO1per|-0.00|0.03 ; last NPRO2per|-0.00|-0.18 ; last NPRO3per|-0.00|0.37 ; last NUMR|0.00|0.06 ; last
PRCL|-0.00|-0.19 ; last PREDpres|0.00|-0.15 ; last PREP|-0.00|0.13 ; last PRTFpast|-0.00|-0.01 ; last
PRTSpast|-0.00|-0.03 ; last VERB|-0.00|-0.01 ; last VERBfutr1per|0.00|0.27 ; last VERBfutr3per|0.00|0.80 ;
last VERBpast|-0.00|-0.30 ; last VERBpres1per|0.00|0.65 ; last VERBpres3per|0.00|-0.20 ; last act|0.00|0.06 ;
last act_noun|0.00|0.71 ; last agreed|0.00|0.30 ; last arranged|-0.00|0.18 ; last backstory|-0.00|-0.24 ; last
client|0.00|0.05 ; last closing|0.00|1.59 ; last deciding|0.00|0.51 ; last delivering|-0.00|0.29 ; last
filler|-0.00|0.16 ; last generic|0.00|-0.42 ; last internal|-0.00|-0.01 ; last latin|-0.00|-0.02 ; last
life|-0.00|-0.27 ; last logistics|0.00|-0.02 ; last meta|0.00|-0.09 ; last money|0.00|0.32 ; last
name|-0.00|0.06 ; last no_talk|-0.00|-0.73 ; last other|-0.00|-0.19 ; last people|-0.00|-0.20 ; last
place|0.00|-0.13 ; last stop|0.00|-0.44 ; last told|0.00|-0.15 ; last topic |-0.00|-0.18 ; last topic
ADJF|0.00|0.07 ; last topic ADJS|0.00|-0.03 ; last topic ADVB|0.00|-0.19 ; last topic COMP|0.00|-0.03 ; last
topic INFN|-0.00|-0.00 ; last topic NOUN|-0.00|-0.02 ; last topic PRTF|-0.00|-0.06 ; last topic PRTS|0.00|0.05
; last topic VERB|0.00|0.08 ; last unknown|0.00|0.12 ; last wish|0.00|-0.01 ; latin|-0.69|-0.67 ;
life|-0.66|-0.49 ; logistics|-0.15|0.11 ; meta|-0.11|-0.24 ; money|1.16|0.15 ; name|-0.11|-0.49 ;
negations|0.75|0.41 ; no_talk|-1.77|-0.65 ; not ADJF|0.32|0.07 ; not ADJS|0.31|0.32 ; not INFN|-0.43|0.05 ;
not NOUN|0.54|-0.06 ; not PREP|-0.19|0.19 ; not VERBfutr3per|0.22|0.64 ; not VERBpast|-0.18|-0.33 ; not
VERBpres1per|0.39|0.56 ; not VERBpres3per|0.33|-0.66 ; not act|0.58|0.15 ; not act_noun|0.14|-0.15 ; not
client|1.22|0.28 ; not deciding|0.03|-0.08 ; not delivering|0.55|-0.00 ; not generic|-0.05|-0.01 ; not
life|0.36|0.01 ; not logistics|0.13|0.10 ; not money|0.55|-0.08 ; not no_talk|-0.36|-0.07 ; not
stop|-0.64|-0.14 ; not told|0.22|-0.20 ; not topic INFN|-0.72|0.06 ; not topic NOUN|1.13|-0.09 ; not topic
VERB|-0.00|0.48 ; not wish|0.24|-0.01 ; numbers|1.67|-0.00 ; other|0.13|-0.01 ; people|-0.07|-0.45 ;
place|0.60|-0.32 ; questions|0.18|0.03 ; repeated|-0.17|-1.37 ; says а|0.15|0.06 ; says аванс|-0.35|0.05 ;
says аттестат|0.05|0.09 ; says база|0.40|-0.01 ; says банк|0.07|0.16 ; says без|0.31|-0.04 ; says
большой|0.30|0.53 ; says бояться|0.05|0.17 ; says брать|0.09|0.02 ; says бронь|0.39|0.10 ; says
бухгалтер|0.03|-0.11 ; says быть|-0.62|-0.20 ; says бюджет|0.35|-0.05 ; says в|-0.82|0.19 ; says
вариант|0.05|-0.44 ; says ваш|-0.39|-0.23 ; says вернуть|0.12|0.05 ; says вернуться|0.81|0.01 ; says
весь|-0.64|-0.06 ; says взять|-0.64|0.13 ; says внести|-0.48|0.08 ; says вопрос|-0.28|-0.17 ; says
время|-0.02|0.09 ; says все|-0.30|-0.71 ; says встреча|-0.38|0.05 ; says второй|0.01|-0.36 ; says
вы|-0.53|-0.56 ; says выбрать|0.21|-0.02 ; says выписка|0.19|0.02 ; says г|0.11|-0.41 ; says
говорить|-0.92|-0.13 ; says год|0.44|0.32 ; says группа|0.08|-0.09 ; says да|0.28|-0.20 ; says
давать|0.54|0.01 ; says далекий|0.15|-0.21 ; says дата|-0.27|-0.32 ; says дать|-0.27|0.08 ; says
дача|0.14|0.08 ; says два|0.31|0.27 ; says двое|0.00|-0.01 ; says девочка|-0.05|-0.04 ; says
делать|-0.16|-0.01 ; says дело|-0.09|0.03 ; says день|-0.01|0.17 ; says дешевый|0.20|0.07 ; says
дизайн|0.05|0.07 ; says диплом|0.08|0.02 ; says директор|0.12|0.04 ; says для|0.07|0.13 ; says до|0.08|-0.09 ;
says довольный|0.14|-0.04 ; says договор|-0.33|0.10 ; says договоренность|0.00|0.01 ; says
договориться|0.37|0.47 ; says документ|-0.50|-0.02 ; says долг|0.02|0.02 ; says дом|-0.30|0.15 ; says
дорого|0.28|0.04 ; says дочь|0.01|0.13 ; says друг|0.30|-0.11 ; says другой|0.46|0.28 ; says
думать|-0.48|-0.20 ; says если|-1.00|0.43 ; says есть|-0.17|-0.32 ; says ехать|0.10|0.02 ; says
еще|-0.08|-0.01 ; says ждать|-1.06|0.18 ; says же|-0.07|0.31 ; says жена|0.19|-0.21 ; says жить|0.10|-0.09 ;
says за|0.53|0.57 ; says закрывать|0.64|0.38 ; says закрытый|0.78|0.16 ; says закрыть|1.10|0.77 ; says
занятый|-0.17|-0.13 ; says записать|-0.11|-0.35 ; says запись|0.32|-0.00 ; says заявка|0.20|0.19 ; says
заявление|0.28|0.04 ; says звонить|-0.11|-0.20 ; says звонок|-0.36|0.04 ; says знать|-0.05|-0.38 ; says
и|-0.38|-0.29 ; says идти|-0.24|-0.13 ; says из|0.36|-0.08 ; says или|0.63|-0.19 ; says интересовать|0.29|0.02
; says ипотека|0.22|-0.20 ; says искать|0.20|0.05 ; says итог|-0.10|0.00 ; says к|0.15|0.24 ; says
как|-0.27|0.13 ; says какой|-0.01|0.00 ; says карта|-0.43|0.40 ; says квартира|-0.32|0.01 ; says
кинуть|0.08|0.09 ; says класс|0.03|-0.31 ; says клиент|-1.17|-0.44 ; says ключ|-0.72|-0.12 ; says
когда|0.36|-0.18 ; says колледж|-0.39|0.15 ; says консультация|-0.27|-0.13 ; says контакт|-0.38|-0.30 ; says
кредит|0.12|-0.10 ; says кто|-0.15|0.01 ; says курс|-0.27|0.24 ; says кухня|0.20|-0.10 ; says ли|0.91|-0.30 ;
says м|0.32|-0.03 ; says мама|0.46|0.20 ; says мастер|0.52|0.20 ; says машина|0.11|0.19 ; says
менеджер|-0.06|-0.22 ; says менять|0.81|0.17 ; says мес|0.10|0.17 ; says место|0.30|0.12 ; says
месяц|0.03|-0.59 ; says минута|0.09|-0.05 ; says млн|0.06|-0.19 ; says можно|-0.07|0.29 ; says мой|-0.14|0.11
; says молчать|-0.08|-0.06 ; says мочь|-0.03|0.05 ; says муж|0.06|-0.15 ; says мы|0.36|0.13 ; says
на|-0.34|0.17 ; says набрать|0.55|0.17 ; says надо|-0.13|0.25 ; says написать|-0.18|0.05 ; says
направление|-0.02|-0.00 ; says наш|0.21|0.23 ; says не|0.13|0.49 ; says неделя|0.01|0.10 ; says
нет|-0.05|-0.10 ; says ничего|0.06|-0.12 ; says но|-0.41|0.15 ; says новый|1.11|0.04 ; says номер|0.17|0.10 ;
says ну|-0.43|-0.06 ; says нужный|0.88|0.31 ; says о|-0.33|-0.13 ; says обещать|-0.25|0.34 ; says
обсудить|0.75|-0.22 ; says объект|-0.34|-0.05 ; says объяснить|0.13|0.03 ; says один|-0.25|-0.05 ; says
окно|0.71|0.01 ; says около|-0.02|0.01 ; says он|-0.69|0.30 ; says она|0.13|0.22 ; says они|-0.44|-0.03 ; says
оплата|0.14|0.12 ; says оплатить|0.25|0.22 ; says остаток|-0.06|0.04 ; says остаться|-0.09|-0.10 ; says
от|-0.68|-0.45 ; says ответ|1.24|0.16 ; says ответить|-0.10|-0.25 ; says отец|0.58|0.06 ; says отказ|0.43|0.18
; says отправить|-0.52|0.02 ; says отпуск|-0.61|-0.32 ; says офис|-0.03|0.24 ; says очень|-0.35|-0.16 ; says
папа|0.44|0.12 ; says паспорт|0.09|-0.00 ; says первый|0.33|-0.31 ; says перезвонить|0.38|0.16 ; says
писать|-0.18|0.05 ; says платить|0.20|0.04 ; says по|-0.17|-0.14 ; says поговорить|-0.24|-0.06 ; says
под|0.32|-0.23 ; says подавать|0.24|-0.05 ; says подписать|0.04|-0.12 ; says подписывать|0.35|-0.14 ; says
подтвердить|-0.05|0.22 ; says позвонить|0.07|-0.13 ; says поздний|-0.18|0.01 ; says пока|0.21|-0.05 ; says
показать|0.08|0.39 ; says полис|-0.10|-0.03 ; says половина|0.18|0.63 ; says получить|0.11|-0.05 ; says
понравиться|0.21|-0.04 ; says попросить|0.25|0.08 ; says после|0.70|0.52 ; says посмотреть|0.31|0.15 ; says
поставить|-0.25|0.09 ; says посчитать|0.05|0.12 ; says потом|-0.28|0.12 ; says почта|-0.25|0.19 ; says
практика|0.08|0.09 ; says предложить|0.08|0.08 ; says предоплата|0.28|0.10 ; says при|-0.03|-0.27 ; says
приехать|0.14|0.05 ; says прийти|0.18|-0.03 ; says принять|0.20|-0.14 ; says прислать|0.31|-0.07 ; says
про|0.58|-0.40 ; says пробный|0.24|0.27 ; says провести|-0.84|-0.26 ; says просить|0.44|0.19 ; says
против|0.03|0.40 ; says прошлый|-0.28|0.11 ; says р|-0.10|0.04 ; says работа|-0.00|0.04 ; says
работать|0.08|-0.52 ; says раз|0.34|-0.26 ; says разговор|0.19|-0.06 ; says ранний|-0.50|-0.19 ; says
рассказать|0.24|0.25 ; says рассрочка|0.44|-0.05 ; says ребенок|0.42|-0.23 ; says решать|-0.13|-0.01 ; says
решить|0.10|0.00 ; says с|-0.11|-0.07 ; says сайт|-0.03|-0.03 ; says сам|1.08|0.46 ; says свой|0.08|0.19 ;
says связь|0.01|0.05 ; says сдать|-0.36|-0.43 ; says сделать|0.11|0.10 ; says сделка|0.60|0.13 ; says
себя|-0.23|-0.11 ; says сейчас|-0.11|0.12 ; says сказать|-0.23|-0.38 ; says скан|-0.55|0.03 ; says
скидка|0.21|-0.32 ; says скинуть|-0.93|0.54 ; says склад|0.39|-0.05 ; says сколько|0.08|-0.08 ; says
слать|0.32|0.20 ; says смотреть|0.33|-0.31 ; says смс|-0.34|0.09 ; says смущать|0.08|0.13 ; says
снять|0.29|0.04 ; says согласиться|0.10|0.08 ; says согласный|0.28|0.12 ; says согласовать|-0.03|0.01 ; says
созвон|-0.07|0.08 ; says созвониться|-0.14|0.12 ; says сообщить|-0.04|-0.49 ; says сосед|0.34|0.16 ; says
спасибо|-0.17|-0.01 ; says спо|-0.13|0.04 ; says справка|0.35|0.00 ; says спрашивать|0.40|-0.06 ; says
спросить|0.61|-0.36 ; says сразу|0.19|0.02 ; says срок|0.25|-0.13 ; says ссылка|-0.03|0.05 ; says
ставка|0.16|-0.30 ; says стоимость|0.21|-0.04 ; says счет|0.20|0.14 ; says сын|0.42|-0.18 ; says
так|-0.14|0.14 ; says такой|-0.76|-0.07 ; says там|0.34|-0.18 ; says телефон|0.02|-0.10 ; says то|-0.64|-0.00
; says тогда|0.09|0.07 ; says тоже|-0.20|-0.01 ; says только|0.15|-0.38 ; says тот|-0.02|-0.01 ; says
три|-0.01|0.10 ; says трубка|-0.01|-0.04 ; says тыс|0.12|0.11 ; says у|0.36|0.17 ; says уже|0.75|0.04 ; says
узнавать|0.22|0.20 ; says уйти|0.58|-0.33 ; says фото|-0.38|-0.05 ; says хороший|-0.01|0.06 ; says
хотеть|0.02|0.30 ; says цена|0.41|-0.08 ; says час|0.38|-0.12 ; says чел|0.19|0.18 ; says человек|-0.89|-0.30
; says чем|0.29|-0.15 ; says что|-0.33|-0.16 ; says чтоб|0.44|-0.13 ; says школа|0.08|0.14 ; says шт|0.03|0.28
; says этаж|0.18|-0.06 ; says это|-0.18|0.01 ; says я|-0.67|-0.03 ; sentences|0.97|-0.12 ; share act|0.02|0.09
; share act_noun|-0.22|0.10 ; share agreed|-0.08|0.11 ; share arranged|-0.25|0.06 ; share
backstory|-0.10|-0.02 ; share client|-0.01|0.01 ; share closing|0.48|0.22 ; share deciding|0.04|0.08 ; share
delivering|0.02|0.08 ; share filler|0.03|0.12 ; share generic|-0.74|-0.10 ; share internal|-0.35|-0.02 ; share
life|-0.08|-0.08 ; share logistics|-0.18|0.15 ; share meta|-0.08|-0.03 ; share money|0.23|0.11 ; share
no_talk|-0.48|-0.10 ; share people|-0.04|-0.04 ; share stop|-1.08|0.05 ; share told|0.12|-0.02 ; share
topic|1.11|0.09 ; share wish|0.08|-0.09 ; stop|-0.36|0.44 ; times|1.10|2.71 ; times with digits|0.12|0.88 ;
told|1.10|-0.26 ; topic |0.30|-0.03 ; topic ADJF|0.92|-0.10 ; topic ADJS|0.29|0.10 ; topic ADVB|0.11|-0.20 ;
topic COMP|-0.07|0.01 ; topic INFN|0.13|0.20 ; topic NOUN|2.52|0.40 ; topic PRTF|-0.50|-0.11 ; topic
PRTS|-0.38|-0.20 ; topic VERB|0.10|0.67 ; two times at once|-0.29|0.79 ; unknown|1.33|-0.16 ; vague
times|1.37|-0.77 ; wish|1.04|-0.28 ; words|0.07|0.02
""")
