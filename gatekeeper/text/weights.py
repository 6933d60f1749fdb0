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
always|-6.43|-0.14 ; ADJF|0.19|-0.01 ; ADJS|-0.12|0.50 ; ADVB|-0.23|-0.31 ; COMP|0.02|-0.16 ; CONJ|0.24|-0.27
; INFN|0.08|-0.30 ; INTJ|-0.09|-0.24 ; NOUN|0.54|-0.66 ; NPRO|-0.08|-0.18 ; NPRO1per|-0.29|-0.05 ;
NPRO2per|-0.42|-0.49 ; NPRO3per|-0.56|0.66 ; NUMR|0.46|0.35 ; PRCL|0.01|0.06 ; PREDpres|-0.03|0.08 ;
PREP|0.69|0.26 ; PRTFpast|-0.05|-0.12 ; PRTFpres|-0.40|-0.05 ; PRTSpast|-0.96|-0.64 ; VERB|-0.69|-0.32 ;
VERBfutr1per|-0.25|0.38 ; VERBfutr3per|-0.28|1.77 ; VERBpast|0.27|0.56 ; VERBpres1per|-0.57|0.15 ;
VERBpres3per|0.75|-0.35 ; act|0.10|0.55 ; act_noun|0.27|0.39 ; agreed|0.15|0.89 ; amounts|1.43|-0.53 ;
arranged|0.12|0.96 ; attitude|1.42|0.39 ; backstory|-0.26|-0.38 ; before|-0.07|-0.44 ; client|1.14|0.05 ;
closing|1.27|1.59 ; conditions|0.13|0.17 ; dated ADJF|-0.10|-0.31 ; dated ADJS|-0.08|-0.41 ; dated
ADVB|0.77|0.12 ; dated COMP|-0.02|0.04 ; dated CONJ|-0.30|-0.42 ; dated INFN|0.44|-0.20 ; dated NOUN|0.60|0.26
; dated NPRO|0.08|0.03 ; dated NPRO1per|-0.24|0.22 ; dated NPRO3per|-0.09|0.48 ; dated NUMR|-0.18|0.12 ; dated
PRCL|-0.26|-0.79 ; dated PREDpres|0.30|-0.01 ; dated PREP|-0.53|1.47 ; dated PRTSpast|-0.50|-0.24 ; dated
VERB|0.07|-0.22 ; dated VERBfutr1per|-0.01|0.45 ; dated VERBfutr3per|0.56|0.99 ; dated VERBpast|-0.46|-0.36 ;
dated VERBpres1per|0.52|0.61 ; dated VERBpres3per|0.10|-0.24 ; dated act|0.47|0.65 ; dated act_noun|-0.07|1.18
; dated agreed|-0.74|0.50 ; dated arranged|-0.67|0.69 ; dated attitude|0.00|-0.28 ; dated
backstory|-0.31|-0.13 ; dated before|0.04|-0.15 ; dated client|-0.03|0.03 ; dated closing|0.05|0.10 ; dated
deciding|-0.06|0.01 ; dated deed|0.13|-0.45 ; dated delivering|0.14|0.29 ; dated filler|0.19|0.32 ; dated
generic|0.19|-0.16 ; dated internal|0.11|-0.32 ; dated latin|0.22|-0.10 ; dated life|-0.42|-0.34 ; dated
logistics|-0.72|0.61 ; dated mash|-0.38|-0.03 ; dated meta|-0.04|0.19 ; dated money|0.78|0.31 ; dated
name|0.43|-0.07 ; dated no_talk|-0.67|-0.51 ; dated other|0.99|0.00 ; dated outcome|0.30|0.17 ; dated
people|-0.10|-0.25 ; dated place|-0.13|0.08 ; dated settled|-0.17|0.09 ; dated stop|-0.32|-0.14 ; dated
told|-0.47|-0.59 ; dated topic |0.02|0.25 ; dated topic ADJF|0.26|-0.72 ; dated topic ADJS|-0.13|-0.57 ; dated
topic ADVB|0.30|-0.40 ; dated topic COMP|-0.05|-0.05 ; dated topic INFN|0.44|-0.24 ; dated topic
NOUN|0.20|-0.22 ; dated topic VERB|0.38|-0.06 ; dated unknown|0.35|0.52 ; dated wish|0.17|-0.79 ;
deciding|0.31|1.08 ; deed|-0.79|0.35 ; deeds in a later sentence|0.55|0.28 ; delivering|-0.39|1.19 ; end
ADJF|-0.28|-0.53 ; end ADJS|-0.36|0.48 ; end ADVB|0.07|-0.29 ; end COMP|0.51|0.02 ; end CONJ|0.64|-0.08 ; end
INFN|-0.23|-0.11 ; end NOUN|-0.31|0.38 ; end NPRO|0.04|0.02 ; end NPRO1per|0.36|-0.09 ; end NPRO3per|0.14|0.49
; end NUMR|-0.03|0.27 ; end PRCL|0.35|0.30 ; end PREDpres|-0.03|-0.03 ; end PREP|0.40|0.14 ; end
PRTSpast|0.23|0.18 ; end VERB|-0.23|-0.15 ; end VERBfutr1per|0.08|-0.21 ; end VERBfutr3per|0.81|0.25 ; end
VERBpast|0.10|0.03 ; end VERBpres1per|0.44|0.44 ; end VERBpres3per|-0.12|-0.06 ; end act|0.60|0.61 ; end
act_noun|0.67|0.87 ; end agreed|0.60|-0.13 ; end arranged|-0.94|-0.34 ; end attitude|0.51|0.15 ; end
backstory|0.07|-0.04 ; end client|0.78|-0.15 ; end closing|1.46|1.51 ; end deciding|-0.31|0.64 ; end
deed|-0.08|0.41 ; end delivering|0.47|0.22 ; end filler|0.21|-0.10 ; end generic|0.25|0.60 ; end
internal|0.34|0.08 ; end latin|-0.12|-0.30 ; end life|-0.06|-0.29 ; end logistics|0.12|0.38 ; end
mash|-0.31|-0.05 ; end meta|0.11|0.04 ; end money|-0.15|-0.09 ; end name|-0.66|0.20 ; end no_talk|-0.24|-0.48
; end other|-0.89|-0.06 ; end outcome|0.65|0.69 ; end people|0.12|-0.34 ; end place|0.17|-0.01 ; end
settled|0.62|0.81 ; end stop|0.11|-0.20 ; end told|0.08|-0.24 ; end topic |0.06|-0.26 ; end topic
ADJF|-0.56|0.00 ; end topic ADJS|0.21|0.26 ; end topic ADVB|-0.19|-0.15 ; end topic COMP|0.51|0.12 ; end topic
INFN|-0.05|-0.22 ; end topic NOUN|-0.39|-0.53 ; end topic PRTS|0.49|0.01 ; end topic VERB|0.25|0.02 ; end
unknown|-0.33|-0.21 ; end wish|0.00|-0.12 ; ends after an attitude|0.53|0.61 ; ends after nothing|-0.95|0.31 ;
ends after topics|1.15|1.18 ; ends with a time|1.33|1.40 ; filler|-0.63|-0.07 ; generic|-1.50|-0.55 ; if
ADJF|-0.22|0.21 ; if ADJS|0.18|0.07 ; if ADVB|0.06|0.34 ; if CONJ|-0.06|-0.08 ; if INFN|0.11|-0.08 ; if
NOUN|0.42|-0.12 ; if NPRO1per|0.21|0.01 ; if NPRO3per|0.03|0.07 ; if PRCL|-0.35|0.09 ; if PREP|0.38|0.44 ; if
VERBfutr1per|-0.09|0.11 ; if VERBfutr3per|-0.39|0.16 ; if VERBpast|0.17|-0.35 ; if VERBpres1per|0.02|0.14 ; if
VERBpres3per|0.02|-0.11 ; if act|-0.22|-0.01 ; if act_noun|0.09|0.27 ; if agreed|0.05|-0.17 ; if
arranged|-0.20|-0.02 ; if attitude|-0.17|0.15 ; if client|-0.02|-0.00 ; if deciding|0.00|0.00 ; if
deed|0.02|-0.03 ; if delivering|-0.17|-0.14 ; if filler|0.25|-0.03 ; if generic|0.02|0.18 ; if life|-0.05|0.21
; if logistics|-0.46|0.09 ; if meta|0.10|0.00 ; if money|0.01|-0.27 ; if no_talk|0.12|-0.09 ; if
other|-0.50|0.09 ; if outcome|0.08|-0.07 ; if people|-0.19|-0.22 ; if stop|-0.20|0.13 ; if told|0.16|-0.11 ;
if topic ADJF|0.00|0.02 ; if topic ADVB|-0.16|0.33 ; if topic INFN|0.07|0.02 ; if topic NOUN|0.77|-0.11 ; if
topic VERB|-0.31|0.26 ; if unknown|0.19|0.15 ; if wish|0.16|-0.04 ; internal|-0.98|-0.12 ; last
ADJF|0.46|-0.46 ; last ADJS|-0.12|-0.20 ; last ADVB|-0.01|-0.15 ; last COMP|0.12|-0.04 ; last CONJ|0.37|0.13 ;
last INFN|-0.24|-0.01 ; last INTJ|-0.13|-0.21 ; last NOUN|-0.22|-0.13 ; last NPRO|-0.06|0.00 ; last
NPRO1per|-0.40|-0.14 ; last NPRO2per|-0.35|-0.17 ; last NPRO3per|-0.44|0.71 ; last NUMR|0.41|0.36 ; last
PRCL|-0.58|-0.05 ; last PREDpres|0.03|-0.08 ; last PREP|-0.05|-0.32 ; last PRTFpast|-0.03|-0.05 ; last
PRTSpast|-0.34|0.09 ; last VERB|-0.30|-0.08 ; last VERBfutr1per|-0.07|0.03 ; last VERBfutr3per|0.04|0.63 ;
last VERBpast|-0.16|0.19 ; last VERBpres1per|-0.14|0.38 ; last VERBpres3per|0.51|-0.14 ; last act|-0.00|0.27 ;
last act_noun|-0.07|0.48 ; last agreed|-0.06|0.32 ; last arranged|0.17|0.40 ; last attitude|0.19|-0.20 ; last
backstory|-0.44|-0.36 ; last before|0.31|-0.23 ; last client|0.72|-0.04 ; last closing|1.24|1.24 ; last
deciding|0.23|0.87 ; last deed|-0.45|-0.15 ; last delivering|-0.36|0.29 ; last filler|-0.19|0.45 ; last
generic|0.19|-0.56 ; last internal|-1.44|0.21 ; last latin|0.21|-0.04 ; last life|-0.11|-0.47 ; last
logistics|0.19|-0.40 ; last mash|-0.46|-0.14 ; last meta|0.00|-0.23 ; last money|-0.07|0.18 ; last
name|-0.10|0.28 ; last no_talk|-0.31|-0.70 ; last other|-0.36|-0.12 ; last outcome|-0.11|0.80 ; last
people|-0.21|-0.11 ; last place|0.34|-0.04 ; last settled|-0.11|0.53 ; last stop|-0.07|-0.24 ; last
told|0.55|0.07 ; last topic |-0.01|0.03 ; last topic ADJF|0.36|0.27 ; last topic ADJS|0.05|-0.30 ; last topic
ADVB|0.11|-0.21 ; last topic COMP|0.01|0.01 ; last topic INFN|-0.27|0.30 ; last topic NOUN|0.12|0.33 ; last
topic PRTF|-0.18|-0.05 ; last topic PRTS|0.02|-0.01 ; last topic VERB|-0.08|-0.01 ; last twice|-0.03|0.30 ;
last unknown|-0.03|0.15 ; last wish|0.22|-0.21 ; latin|0.50|-0.88 ; life|-0.56|-0.38 ; logistics|0.44|0.25 ;
mash|-0.43|-0.14 ; meta|-0.14|-0.24 ; money|0.71|0.18 ; name|0.09|-0.10 ; negations|0.42|0.15 ;
no_talk|-1.30|-0.92 ; not ADJF|0.17|0.04 ; not ADJS|0.13|0.39 ; not INFN|-0.33|0.03 ; not NOUN|0.27|-0.22 ;
not PREP|-0.09|0.12 ; not VERBfutr3per|0.19|0.51 ; not VERBpast|0.08|-0.39 ; not VERBpres1per|0.16|0.29 ; not
VERBpres3per|0.67|-0.67 ; not act|0.02|0.01 ; not act_noun|0.14|-0.19 ; not attitude|-0.37|0.92 ; not
client|0.10|0.20 ; not deciding|-0.29|-0.25 ; not deed|-0.08|-0.22 ; not delivering|0.28|-0.04 ; not
generic|-0.59|0.19 ; not life|0.42|-0.11 ; not logistics|0.15|0.04 ; not money|0.91|-0.05 ; not
no_talk|-0.48|-0.19 ; not pleasing|1.23|0.25 ; not settled|0.15|0.39 ; not stop|-0.51|-0.93 ; not
told|0.08|-0.12 ; not topic INFN|-0.51|-0.03 ; not topic NOUN|1.10|-0.15 ; not topic VERB|-0.08|0.04 ; not
wish|0.30|-0.13 ; numbers|1.45|-0.17 ; other|0.57|0.06 ; outcome|0.10|0.71 ; people|-0.11|-0.16 ;
place|0.52|-0.32 ; questions|0.18|-0.09 ; repeated|-0.59|-0.78 ; says а|0.00|-0.03 ; says аванс|-0.08|-0.03 ;
says архив|-0.03|0.12 ; says аттестат|0.06|0.07 ; says бабушка|0.23|-0.04 ; says база|0.17|-0.09 ; says
банк|0.07|0.38 ; says без|0.50|-0.15 ; says бесплатно|0.12|0.11 ; says большой|0.26|0.82 ; says
бояться|0.06|0.09 ; says брать|-0.45|0.04 ; says бронь|0.16|0.02 ; says бухгалтер|0.00|-0.14 ; says
быть|-0.15|-0.28 ; says бюджет|0.14|-0.08 ; says в|-0.89|-0.06 ; says вариант|-0.05|-0.45 ; says
ваш|-0.38|-0.32 ; says вернуть|0.16|0.08 ; says вернуться|0.51|-0.09 ; says вести|-0.02|0.17 ; says
весь|-0.70|-0.19 ; says взять|-0.57|0.29 ; says внести|-0.06|0.17 ; says водитель|0.06|-0.17 ; says
вопрос|-0.38|-0.12 ; says время|-0.02|0.09 ; says все|-0.41|-0.41 ; says встреча|-0.34|0.03 ; says
второй|0.11|-0.31 ; says вы|-0.40|-0.47 ; says выбрать|0.22|-0.17 ; says выйти|0.36|0.32 ; says
выписка|0.19|0.06 ; says г|0.01|-0.47 ; says гарантия|0.07|-0.06 ; says говорить|-0.51|-0.46 ; says
год|0.58|0.07 ; says график|0.57|-0.05 ; says группа|0.07|0.24 ; says да|0.22|-0.07 ; says давать|0.24|-0.21 ;
says далекий|0.12|-0.24 ; says дата|-0.21|-0.35 ; says дать|0.14|0.18 ; says дача|0.16|0.20 ; says
два|0.60|0.37 ; says двое|-0.04|-0.19 ; says девочка|-0.15|-0.02 ; says делать|0.03|0.08 ; says
дело|-0.36|-0.02 ; says день|0.05|0.03 ; says деньга|0.14|-0.05 ; says дешевый|0.03|0.12 ; says
дизайн|-0.01|0.04 ; says диплом|0.05|-0.08 ; says директор|0.28|0.18 ; says для|0.34|0.27 ; says до|-0.53|0.07
; says довольный|0.09|0.31 ; says договор|-0.19|0.08 ; says договоренность|0.07|-0.08 ; says
договориться|0.39|0.49 ; says документ|-0.40|0.12 ; says долг|0.11|0.01 ; says дом|-0.19|0.17 ; says
дорого|0.08|0.01 ; says дочка|0.14|0.12 ; says дочь|-0.05|0.10 ; says друг|0.17|-0.09 ; says другой|0.17|0.18
; says думать|-0.44|-0.27 ; says если|-0.46|0.45 ; says есть|-0.45|-0.77 ; says ехать|0.09|-0.01 ; says
еще|0.01|0.06 ; says жалоба|0.08|0.50 ; says ждать|-0.97|0.33 ; says же|0.44|0.54 ; says жена|0.38|-0.12 ;
says жить|0.07|-0.15 ; says за|0.64|0.06 ; says забирать|-0.09|0.30 ; says забрать|-0.10|0.03 ; says
закрывать|0.42|0.27 ; says закрытый|-0.08|0.23 ; says закрыть|0.17|0.46 ; says замереть|0.61|0.16 ; says
занятый|-0.17|-0.22 ; says записать|-0.20|-0.57 ; says запись|0.14|-0.01 ; says заявка|0.19|0.04 ; says
заявление|0.13|0.02 ; says звонить|-0.06|-0.04 ; says звонок|-0.20|0.02 ; says знать|0.04|-0.52 ; says
и|0.13|-0.33 ; says идти|-0.24|-0.36 ; says из|0.37|-0.11 ; says или|0.26|0.02 ; says интересовать|0.18|0.13 ;
says ипотека|0.06|-0.20 ; says искать|0.18|0.11 ; says итог|-0.02|-0.08 ; says к|-0.25|0.26 ; says
как|-0.50|-0.12 ; says какой|-0.01|-0.06 ; says карта|-0.05|0.15 ; says карточка|0.23|0.14 ; says
квартира|-0.11|-0.27 ; says кинуть|0.05|0.05 ; says класс|-0.08|-0.36 ; says клиент|-1.20|-0.06 ; says
ключ|-0.76|-0.27 ; says когда|0.15|-0.25 ; says колледж|-0.34|0.02 ; says консультация|-0.34|-0.17 ; says
контакт|-0.30|-0.41 ; says кредит|0.03|-0.26 ; says кто|-0.06|-0.04 ; says курс|-0.19|0.38 ; says
кухня|0.20|-0.14 ; says ли|0.64|-0.01 ; says м|0.31|0.08 ; says мама|-0.11|0.35 ; says масло|0.03|0.28 ; says
мастер|0.58|0.12 ; says машина|0.39|-0.04 ; says менеджер|-0.17|-0.11 ; says менять|0.83|-0.11 ; says
мес|0.03|-0.21 ; says место|0.40|0.08 ; says месяц|0.39|-1.03 ; says минута|-0.45|-0.11 ; says млн|0.14|-0.31
; says можно|0.01|0.22 ; says мой|0.02|0.40 ; says молчать|0.04|-0.14 ; says мочь|-0.05|0.05 ; says
муж|0.07|-0.41 ; says мы|0.43|-0.14 ; says на|-0.42|0.13 ; says набрать|0.10|0.43 ; says надо|0.22|0.20 ; says
назвать|0.08|-0.37 ; says найти|-0.04|0.26 ; says написать|-0.15|0.07 ; says направление|0.10|-0.04 ; says
наш|-0.03|-0.00 ; says не|-0.17|0.14 ; says неделя|-0.34|0.07 ; says нет|-0.31|0.10 ; says ничего|0.07|-0.23 ;
says но|-0.69|0.05 ; says новый|0.54|0.04 ; says номер|0.26|0.36 ; says ну|-0.32|-0.18 ; says нужный|0.77|0.43
; says о|0.09|-0.19 ; says оба|-0.03|-0.04 ; says обещать|-0.09|0.32 ; says обсудить|0.68|-0.57 ; says
объект|-0.15|-0.04 ; says объяснить|-0.02|0.27 ; says один|-0.22|-0.06 ; says одобрить|0.06|0.32 ; says
окно|0.72|-0.08 ; says около|-0.08|-0.01 ; says он|-0.22|0.64 ; says она|-0.23|-0.03 ; says они|-0.45|0.07 ;
says оплата|0.16|0.16 ; says оплатить|0.22|0.16 ; says оставить|0.25|-0.14 ; says остаток|-0.40|0.15 ; says
остаться|0.11|-0.09 ; says от|-0.42|-0.35 ; says ответ|0.78|0.01 ; says ответить|0.04|-0.06 ; says
отдать|0.20|0.20 ; says отец|0.47|0.25 ; says отказ|0.45|0.47 ; says отправить|-0.27|0.07 ; says
отпуск|-0.38|-0.59 ; says офис|-0.15|0.24 ; says оформить|-0.15|0.32 ; says очень|-0.37|-0.29 ; says
папа|0.46|0.26 ; says паспорт|-0.08|0.15 ; says первый|0.18|-0.23 ; says перезвонить|0.17|0.02 ; says
перенести|0.19|0.13 ; says писать|-0.37|0.03 ; says платить|0.16|-0.04 ; says по|-0.16|-0.15 ; says
поговорить|-0.26|-0.23 ; says под|0.26|0.15 ; says подавать|0.19|-0.06 ; says подписать|-0.13|0.06 ; says
подписывать|0.32|-0.14 ; says подтвердить|-0.01|0.17 ; says позвонить|0.02|-0.05 ; says поздний|-0.12|-0.07 ;
says пока|0.08|-0.12 ; says показать|0.06|0.44 ; says полис|-0.16|-0.04 ; says полный|0.69|-0.16 ; says
половина|0.06|0.32 ; says получить|0.20|0.07 ; says поменять|0.07|0.35 ; says понравиться|-0.11|-0.29 ; says
попросить|0.10|-0.03 ; says после|0.37|0.59 ; says посмотреть|0.23|0.07 ; says поставить|0.00|0.06 ; says
посчитать|0.07|-0.16 ; says потом|-0.35|0.15 ; says почта|0.26|0.42 ; says практика|0.05|0.15 ; says
предложить|0.26|0.29 ; says предоплата|0.25|0.15 ; says претензия|-0.04|-0.01 ; says при|0.06|0.01 ; says
привезти|0.09|0.05 ; says приехать|-0.14|0.10 ; says прийти|0.11|-0.01 ; says принять|-0.40|0.02 ; says
прислать|0.50|-0.50 ; says про|0.48|-0.64 ; says пробный|0.21|0.22 ; says провести|-0.74|-0.48 ; says
пройти|-0.03|-0.01 ; says просить|0.23|0.04 ; says против|0.54|0.01 ; says прошлый|-0.05|0.20 ; says
р|-0.15|0.08 ; says работа|-0.02|-0.02 ; says работать|0.59|0.03 ; says раз|0.46|-0.04 ; says
разговор|-0.28|-0.10 ; says ранний|-0.45|-0.52 ; says рассказать|0.16|0.15 ; says рассрочка|0.37|-0.08 ; says
ребенок|0.75|-0.55 ; says рейс|0.13|0.00 ; says ремонт|-0.40|-0.27 ; says решать|-0.10|0.00 ; says
решить|0.37|0.37 ; says с|0.00|0.41 ; says сайт|-0.20|-0.04 ; says сам|0.39|0.44 ; says свой|0.24|0.02 ; says
связь|-0.18|0.06 ; says сдать|-0.18|-0.47 ; says сделать|-0.00|0.50 ; says сделка|0.44|0.12 ; says
себя|-0.19|-0.13 ; says сейчас|-0.11|0.21 ; says сказать|-0.45|-1.05 ; says скан|-0.43|0.05 ; says
скидка|0.15|-0.26 ; says скинуть|-0.94|0.54 ; says склад|0.05|0.14 ; says сколько|0.06|0.35 ; says
слать|0.08|0.07 ; says смета|0.18|0.01 ; says смотреть|-0.01|-0.31 ; says смс|-0.11|0.03 ; says
смущать|0.02|0.08 ; says снять|0.21|0.25 ; says согласиться|-0.01|0.10 ; says согласный|0.09|0.48 ; says
согласовать|0.13|0.13 ; says созвон|0.11|0.02 ; says созвониться|-0.01|0.08 ; says сообщить|-0.15|-0.48 ; says
сосед|0.13|0.24 ; says спасибо|-0.08|-0.18 ; says спо|-0.14|0.11 ; says справка|0.31|0.04 ; says
спрашивать|0.29|-0.05 ; says спросить|0.40|-0.85 ; says сразу|0.33|0.07 ; says срок|0.22|-0.11 ; says
ссылка|0.10|-0.03 ; says ставка|0.04|-0.09 ; says старый|-0.34|0.03 ; says стоимость|-0.02|-0.14 ; says
счет|0.12|0.10 ; says считать|0.00|0.01 ; says сын|0.14|0.01 ; says так|-0.05|-0.09 ; says такой|-0.46|-0.08 ;
says там|-0.06|-0.15 ; says телефон|0.06|-0.12 ; says то|-0.47|0.00 ; says тогда|0.06|-0.09 ; says
тоже|-0.21|-0.00 ; says только|0.04|-0.48 ; says тот|0.30|0.26 ; says третий|0.18|0.10 ; says три|0.08|0.16 ;
says трубка|-0.19|0.02 ; says тыс|0.09|0.13 ; says у|0.32|0.04 ; says уже|0.38|-0.05 ; says узнавать|0.58|0.17
; says уйти|0.14|-0.32 ; says устроить|0.05|-0.04 ; says утро|-0.33|0.15 ; says форма|0.02|0.05 ; says
фото|-0.41|-0.04 ; says хороший|-0.15|-0.07 ; says хотеть|0.08|0.02 ; says цена|0.34|-0.14 ; says
час|0.25|-0.27 ; says чел|0.04|0.10 ; says человек|-0.39|-0.34 ; says чем|0.14|-0.26 ; says что|0.20|-0.10 ;
says чтоб|0.09|-0.13 ; says школа|0.12|-0.02 ; says шт|0.13|0.27 ; says этаж|0.03|-0.11 ; says это|-0.00|-0.07
; says этот|0.04|0.08 ; says я|-0.69|0.02 ; sentences|0.98|0.23 ; settled|0.06|0.75 ; share act|-0.17|0.13 ;
share act_noun|-0.14|0.13 ; share agreed|-0.13|0.12 ; share arranged|-0.14|0.05 ; share attitude|0.14|-0.05 ;
share backstory|-0.06|-0.03 ; share before|-0.02|-0.05 ; share client|0.04|-0.08 ; share closing|0.00|0.17 ;
share deciding|-0.03|0.14 ; share delivering|-0.06|0.12 ; share filler|-0.05|0.11 ; share generic|-1.08|-0.15
; share internal|-0.15|0.02 ; share life|-0.06|-0.04 ; share logistics|0.12|0.05 ; share meta|-0.08|-0.01 ;
share money|0.07|0.07 ; share no_talk|-0.26|-0.17 ; share outcome|0.01|0.11 ; share people|-0.05|-0.06 ; share
settled|-0.08|0.09 ; share stop|-0.71|-0.18 ; share told|0.22|-0.06 ; share topic|1.20|0.28 ; share
twice|-0.09|0.03 ; share wish|0.09|-0.12 ; stop|-0.45|0.31 ; times|-0.11|2.80 ; times with digits|-0.22|1.18 ;
told|1.22|-0.42 ; topic |0.67|-0.19 ; topic ADJF|0.26|0.47 ; topic ADJS|-0.05|0.50 ; topic ADVB|0.07|-0.10 ;
topic COMP|-0.10|-0.08 ; topic INFN|-0.12|0.03 ; topic NOUN|2.42|0.00 ; topic PRTF|-0.34|-0.05 ; topic
PRTS|-0.22|-0.52 ; topic VERB|0.07|0.27 ; twice|0.06|0.34 ; two times at once|0.12|1.04 ; unknown|1.10|-0.12 ;
vague times|0.24|-0.55 ; wish|1.00|-0.43 ; words|0.60|-0.64
""")
