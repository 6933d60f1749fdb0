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
always|-6.56|-0.07 ; ADJF|0.32|-0.05 ; ADJS|-0.12|0.47 ; ADVB|-0.21|-0.16 ; COMP|0.01|-0.17 ; CONJ|0.21|-0.52
; INFN|0.16|-0.21 ; INTJ|-0.22|-0.21 ; NOUN|0.51|-0.56 ; NPRO|-0.19|0.11 ; NPRO1per|-0.25|0.06 ;
NPRO2per|-0.49|-0.46 ; NPRO3per|-0.49|0.48 ; NUMR|0.55|0.11 ; PRCL|0.15|-0.08 ; PREDpres|0.18|0.02 ;
PREP|0.56|0.27 ; PRTFpast|0.00|-0.12 ; PRTFpres|-0.38|-0.06 ; PRTSpast|-0.88|-0.68 ; VERB|-0.63|-0.36 ;
VERBfutr1per|-0.20|0.35 ; VERBfutr3per|-0.24|1.55 ; VERBpast|0.18|0.58 ; VERBpres1per|-0.66|0.27 ;
VERBpres3per|0.79|-0.48 ; act|0.13|0.61 ; act_noun|0.28|0.34 ; agreed|-0.03|0.68 ; amounts|1.33|-0.49 ;
arranged|0.09|0.94 ; attitude|1.01|0.44 ; backstory|-0.27|-0.36 ; before|-0.07|-0.43 ; client|1.19|0.12 ;
closing|1.23|1.61 ; conditions|0.09|0.20 ; dated ADJF|-0.07|-0.32 ; dated ADJS|-0.01|-0.36 ; dated
ADVB|0.52|0.03 ; dated COMP|0.02|0.09 ; dated CONJ|-0.15|-0.27 ; dated INFN|0.41|-0.07 ; dated NOUN|0.62|0.25
; dated NPRO|0.05|0.10 ; dated NPRO1per|-0.06|0.19 ; dated NPRO3per|-0.00|0.57 ; dated NUMR|-0.19|0.14 ; dated
PRCL|-0.48|-0.81 ; dated PREDpres|0.29|0.04 ; dated PREP|-0.46|1.26 ; dated PRTSpast|-0.44|-0.24 ; dated
VERB|0.08|-0.25 ; dated VERBfutr1per|-0.02|0.49 ; dated VERBfutr3per|0.56|1.05 ; dated VERBpast|-0.37|-0.26 ;
dated VERBpres1per|0.51|0.62 ; dated VERBpres3per|-0.02|-0.18 ; dated act|0.43|0.67 ; dated act_noun|0.01|1.09
; dated agreed|-0.71|0.50 ; dated arranged|-0.64|0.63 ; dated attitude|-0.12|-0.40 ; dated
backstory|-0.43|-0.11 ; dated before|0.05|-0.17 ; dated client|0.02|0.09 ; dated closing|0.08|0.10 ; dated
deciding|-0.13|0.23 ; dated deed|0.19|-0.53 ; dated delivering|0.01|0.39 ; dated filler|0.36|0.46 ; dated
generic|0.18|-0.13 ; dated internal|-0.05|-0.32 ; dated latin|0.26|-0.09 ; dated life|-0.50|-0.37 ; dated
logistics|-0.76|0.53 ; dated mash|-0.34|-0.02 ; dated meta|0.13|0.19 ; dated money|0.69|0.48 ; dated
name|0.50|-0.08 ; dated no_talk|-0.69|-0.36 ; dated other|1.04|0.09 ; dated outcome|0.38|0.23 ; dated
people|-0.43|-0.16 ; dated place|-0.12|0.09 ; dated settled|-0.19|0.10 ; dated stop|-0.27|0.12 ; dated
told|-0.35|-0.50 ; dated topic |0.03|0.19 ; dated topic ADJF|0.29|-0.63 ; dated topic ADJS|-0.08|-0.51 ; dated
topic ADVB|0.16|-0.46 ; dated topic COMP|-0.01|0.03 ; dated topic INFN|0.51|-0.11 ; dated topic
NOUN|0.35|-0.31 ; dated topic VERB|0.25|0.03 ; dated unknown|0.36|0.46 ; dated wish|0.35|-0.74 ;
deciding|0.36|0.87 ; deed|-0.75|0.47 ; deeds in a later sentence|0.81|0.25 ; delivering|-0.28|0.91 ; end
ADJF|-0.24|-0.47 ; end ADJS|-0.28|0.53 ; end ADVB|0.01|-0.13 ; end COMP|0.28|-0.09 ; end CONJ|0.45|-0.07 ; end
INFN|-0.31|-0.05 ; end NOUN|-0.25|0.26 ; end NPRO|0.07|0.13 ; end NPRO1per|0.19|-0.15 ; end NPRO3per|0.13|0.21
; end NUMR|-0.06|0.15 ; end PRCL|0.36|0.18 ; end PREDpres|-0.11|0.06 ; end PREP|0.42|0.10 ; end
PRTSpast|0.19|0.12 ; end VERB|-0.23|-0.13 ; end VERBfutr1per|0.12|-0.04 ; end VERBfutr3per|0.82|0.22 ; end
VERBpast|0.08|0.15 ; end VERBpres1per|0.42|0.49 ; end VERBpres3per|-0.07|-0.15 ; end act|0.58|0.53 ; end
act_noun|0.78|0.75 ; end agreed|0.66|0.01 ; end arranged|-0.89|-0.21 ; end attitude|0.53|0.20 ; end
backstory|0.08|-0.09 ; end client|0.62|-0.10 ; end closing|1.37|1.40 ; end deciding|-0.23|0.34 ; end
deed|-0.17|0.44 ; end delivering|0.57|0.11 ; end filler|0.27|-0.14 ; end generic|0.35|0.33 ; end
internal|0.46|0.12 ; end latin|-0.18|-0.30 ; end life|0.03|-0.30 ; end logistics|0.13|0.32 ; end
mash|-0.29|-0.05 ; end meta|0.28|0.08 ; end money|-0.19|-0.01 ; end name|-0.57|0.25 ; end no_talk|-0.19|-0.52
; end other|-0.73|-0.20 ; end outcome|0.56|0.49 ; end people|-0.12|-0.14 ; end place|0.25|0.00 ; end
settled|0.66|0.78 ; end stop|0.16|-0.25 ; end told|-0.06|0.04 ; end topic |-0.03|-0.19 ; end topic
ADJF|-0.55|0.04 ; end topic ADJS|0.20|0.29 ; end topic ADVB|-0.22|-0.06 ; end topic COMP|0.28|-0.00 ; end
topic INFN|-0.12|-0.22 ; end topic NOUN|-0.41|-0.49 ; end topic PRTS|0.51|0.01 ; end topic VERB|0.31|-0.09 ;
end unknown|-0.34|-0.15 ; end wish|0.06|-0.05 ; ends after an attitude|0.55|0.62 ; ends after
nothing|-0.70|0.14 ; ends after topics|1.01|1.00 ; ends with a time|1.16|1.26 ; filler|-0.57|-0.22 ;
generic|-1.53|-0.44 ; if ADJF|-0.26|0.06 ; if ADJS|0.13|0.07 ; if ADVB|0.00|0.26 ; if CONJ|-0.10|-0.07 ; if
INFN|0.09|-0.03 ; if NOUN|0.43|-0.15 ; if NPRO1per|0.15|0.02 ; if NPRO3per|0.12|0.01 ; if PRCL|-0.39|0.05 ; if
PREP|0.39|0.34 ; if VERBfutr1per|-0.10|0.04 ; if VERBfutr3per|-0.34|0.19 ; if VERBpast|0.11|-0.27 ; if
VERBpres1per|0.01|0.12 ; if VERBpres3per|0.03|-0.08 ; if act|-0.28|0.13 ; if act_noun|0.07|0.26 ; if
agreed|0.08|-0.10 ; if arranged|-0.13|-0.02 ; if attitude|-0.24|0.10 ; if client|0.12|-0.02 ; if
deciding|0.01|0.00 ; if deed|0.01|-0.03 ; if delivering|-0.20|-0.08 ; if filler|0.21|0.00 ; if
generic|-0.01|0.18 ; if life|0.01|0.12 ; if logistics|-0.39|0.04 ; if meta|0.13|0.03 ; if money|-0.02|-0.21 ;
if no_talk|0.02|-0.09 ; if other|-0.51|0.06 ; if outcome|0.11|-0.06 ; if people|-0.12|-0.13 ; if
stop|-0.22|0.15 ; if told|0.09|-0.09 ; if topic ADJF|0.03|-0.02 ; if topic ADVB|-0.16|0.27 ; if topic
INFN|0.05|0.02 ; if topic NOUN|0.74|-0.16 ; if topic VERB|-0.27|0.29 ; if unknown|0.15|0.15 ; if
wish|0.17|-0.01 ; internal|-1.11|-0.05 ; last ADJF|0.47|-0.37 ; last ADJS|-0.17|-0.20 ; last ADVB|-0.01|0.10 ;
last COMP|0.06|-0.14 ; last CONJ|0.19|-0.06 ; last INFN|-0.24|-0.03 ; last INTJ|-0.15|-0.19 ; last
NOUN|-0.37|-0.25 ; last NPRO|-0.11|0.21 ; last NPRO1per|-0.45|0.03 ; last NPRO2per|-0.39|-0.17 ; last
NPRO3per|-0.54|0.50 ; last NUMR|0.41|0.11 ; last PRCL|-0.64|-0.16 ; last PREDpres|-0.11|-0.08 ; last
PREP|-0.00|-0.04 ; last PRTFpast|0.01|-0.08 ; last PRTSpast|-0.19|0.08 ; last VERB|-0.28|-0.14 ; last
VERBfutr1per|-0.17|0.21 ; last VERBfutr3per|0.19|0.58 ; last VERBpast|-0.10|-0.09 ; last
VERBpres1per|-0.01|0.44 ; last VERBpres3per|0.46|-0.10 ; last act|-0.02|0.38 ; last act_noun|-0.11|0.65 ; last
agreed|-0.28|0.30 ; last arranged|0.06|0.46 ; last attitude|0.15|-0.18 ; last backstory|-0.48|-0.37 ; last
before|0.27|-0.22 ; last client|0.63|-0.15 ; last closing|1.18|1.21 ; last deciding|0.29|0.52 ; last
deed|-0.55|0.01 ; last delivering|-0.38|0.29 ; last filler|-0.15|0.13 ; last generic|0.20|-0.56 ; last
internal|-1.46|0.27 ; last latin|0.11|-0.05 ; last life|-0.22|-0.36 ; last logistics|0.33|-0.19 ; last
mash|-0.46|-0.15 ; last meta|-0.14|-0.17 ; last money|-0.07|0.18 ; last name|-0.15|0.24 ; last
no_talk|-0.33|-0.96 ; last other|-0.36|-0.04 ; last outcome|-0.10|0.68 ; last people|-0.07|-0.08 ; last
place|0.29|-0.01 ; last settled|-0.18|0.51 ; last stop|-0.02|-0.30 ; last told|0.69|-0.18 ; last topic
|-0.05|0.02 ; last topic ADJF|0.34|0.10 ; last topic ADJS|0.11|-0.20 ; last topic ADVB|0.14|-0.24 ; last topic
COMP|-0.09|-0.11 ; last topic INFN|-0.20|0.10 ; last topic NOUN|0.11|0.24 ; last topic PRTF|-0.15|-0.05 ; last
topic PRTS|0.03|0.01 ; last topic VERB|0.14|-0.11 ; last twice|-0.15|0.36 ; last unknown|0.09|0.27 ; last
wish|0.28|-0.15 ; latin|0.40|-0.82 ; life|-0.76|-0.42 ; logistics|0.43|0.16 ; mash|-0.46|-0.15 ;
meta|-0.18|-0.37 ; money|0.87|0.15 ; name|0.10|-0.12 ; negations|0.58|0.25 ; no_talk|-1.26|-1.14 ; not
ADJF|0.21|-0.02 ; not ADJS|0.14|0.41 ; not INFN|-0.25|0.07 ; not NOUN|0.35|0.02 ; not PREP|0.01|0.04 ; not
VERBfutr3per|0.33|0.41 ; not VERBpast|-0.20|-0.41 ; not VERBpres1per|0.18|0.36 ; not VERBpres3per|0.59|-0.64 ;
not act|0.18|0.06 ; not act_noun|0.13|-0.22 ; not attitude|-0.23|0.81 ; not client|0.24|0.29 ; not
deciding|-0.27|-0.23 ; not deed|-0.02|-0.13 ; not delivering|0.30|-0.05 ; not generic|-0.38|0.16 ; not
life|0.42|-0.05 ; not logistics|0.26|0.04 ; not money|0.64|0.00 ; not no_talk|-0.47|-0.16 ; not
pleasing|0.89|0.26 ; not settled|0.07|0.30 ; not stop|-0.68|-0.70 ; not told|0.17|-0.10 ; not topic
INFN|-0.44|-0.02 ; not topic NOUN|0.98|0.06 ; not topic VERB|0.03|0.05 ; not wish|0.35|-0.08 ;
numbers|1.46|-0.21 ; other|0.53|-0.03 ; outcome|0.19|0.62 ; people|-0.11|-0.02 ; place|0.50|-0.33 ;
questions|0.21|-0.05 ; repeated|-0.53|-0.65 ; says а|0.10|-0.01 ; says аванс|-0.08|-0.02 ; says
архив|-0.02|0.10 ; says аттестат|0.06|0.08 ; says бабушка|0.27|-0.06 ; says база|0.21|-0.06 ; says
банк|0.06|0.11 ; says без|0.46|-0.14 ; says бесплатно|0.15|0.12 ; says большой|0.22|0.71 ; says
бояться|0.05|0.04 ; says брать|-0.20|-0.15 ; says бронь|0.13|0.00 ; says бухгалтер|-0.00|-0.21 ; says
быть|-0.31|-0.18 ; says бюджет|0.17|0.09 ; says в|-0.89|-0.15 ; says вариант|0.01|-0.49 ; says ваш|-0.39|-0.27
; says вернуть|0.08|0.05 ; says вернуться|0.58|-0.07 ; says вести|-0.23|-0.02 ; says весь|-0.74|-0.22 ; says
взять|-0.57|0.50 ; says внести|-0.22|0.10 ; says вопрос|-0.37|-0.13 ; says время|-0.06|0.08 ; says
все|-0.34|-0.54 ; says встреча|-0.32|0.04 ; says второй|0.09|-0.36 ; says вы|-0.48|-0.45 ; says
выбрать|0.23|-0.14 ; says выйти|0.34|0.29 ; says выписка|0.15|0.03 ; says г|0.01|-0.49 ; says
говорить|-0.50|-0.43 ; says год|0.55|0.19 ; says группа|0.10|0.22 ; says да|0.20|-0.22 ; says
давать|0.26|-0.18 ; says далекий|0.02|-0.24 ; says дата|-0.21|-0.36 ; says дать|0.00|0.07 ; says
дача|0.05|0.10 ; says два|0.62|0.24 ; says двое|-0.01|-0.17 ; says девочка|-0.07|0.05 ; says делать|0.09|0.13
; says дело|-0.41|-0.03 ; says день|0.08|0.06 ; says деньга|0.14|-0.10 ; says дешевый|0.03|0.09 ; says
дизайн|0.00|0.03 ; says диплом|0.05|-0.02 ; says директор|0.36|0.18 ; says для|0.39|0.33 ; says до|-0.39|0.40
; says довольный|0.09|0.43 ; says договор|-0.15|0.08 ; says договоренность|0.09|-0.02 ; says
договориться|0.27|0.33 ; says документ|-0.40|0.02 ; says долг|0.08|0.01 ; says дом|-0.16|0.14 ; says
дорого|0.14|0.12 ; says дочка|0.12|0.08 ; says дочь|-0.08|0.04 ; says друг|0.10|-0.04 ; says другой|0.25|0.17
; says думать|-0.43|-0.27 ; says если|-0.47|0.38 ; says есть|-0.47|-0.65 ; says ехать|0.08|0.03 ; says
еще|-0.11|0.08 ; says ждать|-1.01|0.24 ; says же|0.33|0.41 ; says жена|0.31|-0.13 ; says жить|0.11|-0.12 ;
says за|0.67|0.11 ; says забирать|-0.11|0.23 ; says забрать|0.12|-0.18 ; says закрывать|0.35|0.42 ; says
закрытый|-0.02|0.21 ; says закрыть|0.29|0.60 ; says замереть|0.64|0.21 ; says занятый|-0.23|-0.15 ; says
записать|-0.20|-0.51 ; says запись|0.21|-0.01 ; says заявка|0.18|0.02 ; says заявление|0.15|0.02 ; says
звонить|-0.01|-0.07 ; says звонок|-0.18|0.01 ; says знать|0.08|-0.50 ; says и|0.29|-0.07 ; says
идти|-0.24|-0.31 ; says из|0.24|-0.24 ; says или|0.25|0.10 ; says интересовать|0.18|0.20 ; says
ипотека|0.06|-0.20 ; says искать|0.20|0.18 ; says итог|-0.01|-0.05 ; says к|-0.05|0.33 ; says как|-0.49|-0.09
; says какой|-0.01|-0.04 ; says карта|-0.18|0.15 ; says карточка|0.40|0.21 ; says квартира|-0.00|-0.17 ; says
кинуть|0.14|0.05 ; says класс|-0.16|-0.19 ; says клиент|-1.04|-0.05 ; says ключ|-0.75|-0.19 ; says
когда|0.18|-0.20 ; says колледж|-0.34|0.03 ; says консультация|-0.34|-0.20 ; says контакт|-0.28|-0.36 ; says
кредит|0.04|-0.27 ; says кто|-0.04|0.03 ; says курс|-0.13|0.45 ; says кухня|0.06|-0.07 ; says ли|0.65|-0.29 ;
says м|0.29|-0.05 ; says мама|0.08|0.23 ; says мастер|0.44|0.14 ; says машина|0.38|0.07 ; says
менеджер|-0.13|-0.07 ; says менять|0.82|0.10 ; says мес|0.05|-0.07 ; says место|0.37|0.01 ; says
месяц|0.47|-0.90 ; says минута|-0.30|-0.11 ; says млн|0.02|-0.35 ; says можно|0.09|0.30 ; says мой|0.03|0.21 ;
says молчать|0.03|-0.22 ; says мочь|-0.05|0.12 ; says муж|0.21|-0.40 ; says мы|0.44|-0.04 ; says
на|-0.37|-0.02 ; says набрать|0.13|0.43 ; says надо|0.22|0.18 ; says написать|-0.10|0.09 ; says
направление|0.07|-0.03 ; says наш|-0.00|-0.04 ; says не|-0.02|0.27 ; says неделя|-0.29|0.10 ; says
нет|-0.25|0.10 ; says ничего|0.09|-0.20 ; says но|-0.67|0.04 ; says новый|0.55|0.06 ; says номер|-0.08|0.02 ;
says ну|-0.31|-0.06 ; says нужный|0.78|0.36 ; says о|0.19|-0.11 ; says оба|0.03|0.02 ; says обещать|-0.05|0.51
; says обсудить|0.57|-0.51 ; says объект|-0.10|-0.02 ; says объяснить|0.02|0.39 ; says один|-0.28|-0.09 ; says
одобрить|0.10|0.38 ; says окно|0.78|-0.03 ; says около|-0.12|-0.03 ; says он|-0.36|0.46 ; says она|-0.23|0.07
; says они|-0.18|-0.04 ; says оплата|0.17|0.05 ; says оплатить|0.22|0.29 ; says оставить|0.29|-0.15 ; says
остаток|-0.25|0.05 ; says остаться|-0.06|-0.01 ; says от|-0.73|-0.49 ; says ответ|0.80|0.16 ; says
ответить|0.03|-0.13 ; says отдать|0.27|0.23 ; says отец|0.51|0.15 ; says отказ|0.27|0.19 ; says
отправить|-0.28|0.02 ; says отпуск|-0.39|-0.54 ; says офис|-0.12|0.27 ; says очень|-0.28|-0.30 ; says
папа|0.46|0.17 ; says паспорт|-0.11|0.01 ; says первый|0.17|-0.26 ; says перезвонить|0.19|-0.01 ; says
перенести|0.11|0.19 ; says писать|-0.30|0.02 ; says платить|0.17|-0.09 ; says по|-0.04|-0.39 ; says
поговорить|-0.26|-0.21 ; says под|0.21|0.14 ; says подавать|0.19|-0.06 ; says подписать|-0.12|-0.07 ; says
подписывать|0.32|-0.13 ; says подтвердить|0.09|0.20 ; says позвонить|0.04|-0.11 ; says поздний|-0.09|-0.05 ;
says пока|0.11|-0.13 ; says показать|0.05|0.23 ; says полис|-0.12|0.00 ; says полный|0.65|-0.15 ; says
половина|0.05|0.35 ; says получить|0.07|-0.15 ; says поменять|0.09|0.32 ; says понравиться|0.09|-0.26 ; says
попросить|0.10|-0.01 ; says после|0.39|0.53 ; says посмотреть|0.16|0.09 ; says поставить|-0.10|-0.14 ; says
посчитать|0.04|0.12 ; says потом|-0.32|0.13 ; says почта|0.27|0.23 ; says практика|0.04|0.11 ; says
предложить|0.14|0.29 ; says предоплата|0.24|0.16 ; says претензия|-0.06|-0.19 ; says при|0.05|-0.03 ; says
привезти|0.12|0.06 ; says приехать|-0.10|0.09 ; says прийти|0.22|-0.06 ; says принять|-0.22|0.03 ; says
прислать|0.43|-0.40 ; says про|0.42|-0.75 ; says пробный|0.19|0.19 ; says провести|-0.63|-0.50 ; says
пройти|-0.08|0.01 ; says просить|0.31|0.09 ; says против|0.32|-0.06 ; says прошлый|-0.06|0.19 ; says
р|-0.13|0.07 ; says работа|-0.01|-0.11 ; says работать|0.34|0.05 ; says раз|0.35|-0.13 ; says
разговор|-0.20|-0.08 ; says ранний|-0.34|-0.40 ; says рассказать|0.37|0.16 ; says рассрочка|0.23|-0.07 ; says
ребенок|0.25|-0.44 ; says ремонт|-0.39|-0.26 ; says решать|-0.09|-0.00 ; says решить|0.15|0.33 ; says
с|-0.22|0.42 ; says сайт|-0.14|-0.02 ; says сам|0.70|0.29 ; says свой|0.07|0.10 ; says связь|-0.10|0.05 ; says
сдать|-0.18|-0.54 ; says сделать|-0.04|0.40 ; says сделка|0.33|0.26 ; says себя|-0.25|-0.08 ; says
сейчас|-0.01|0.11 ; says сказать|-0.33|-0.90 ; says скан|-0.44|0.06 ; says скидка|0.16|-0.09 ; says
скинуть|-0.90|0.54 ; says склад|0.02|0.18 ; says сколько|0.05|0.26 ; says слать|0.08|0.07 ; says
смета|0.18|0.01 ; says смотреть|-0.03|-0.31 ; says смс|-0.10|0.03 ; says смущать|0.02|0.11 ; says
снять|0.30|0.29 ; says согласиться|-0.04|0.15 ; says согласный|0.14|0.40 ; says согласовать|0.11|0.15 ; says
созвон|0.01|0.02 ; says созвониться|-0.05|0.01 ; says сообщить|-0.15|-0.45 ; says сосед|0.16|0.27 ; says
спасибо|-0.07|-0.12 ; says спо|-0.12|0.09 ; says справка|0.19|0.03 ; says спрашивать|0.33|-0.05 ; says
спросить|0.47|-0.55 ; says сразу|0.14|0.07 ; says срок|0.06|-0.15 ; says ссылка|0.10|-0.02 ; says
ставка|0.05|-0.20 ; says старый|-0.36|0.03 ; says стоимость|0.05|-0.09 ; says счет|0.11|0.12 ; says
считать|0.00|0.01 ; says сын|0.18|0.14 ; says так|-0.01|-0.11 ; says такой|-0.40|-0.02 ; says там|0.05|-0.24 ;
says телефон|0.01|-0.14 ; says то|-0.45|0.15 ; says тогда|0.09|-0.04 ; says тоже|-0.21|0.08 ; says
только|0.03|-0.44 ; says тот|0.19|0.11 ; says третий|0.03|0.15 ; says три|0.08|0.02 ; says трубка|-0.17|0.03 ;
says тыс|0.10|0.12 ; says у|0.31|0.07 ; says уже|0.51|-0.01 ; says узнавать|0.28|0.21 ; says уйти|0.19|-0.46 ;
says устроить|-0.02|0.04 ; says утро|-0.35|0.12 ; says форма|0.04|0.08 ; says фото|-0.40|-0.02 ; says
хороший|-0.11|-0.04 ; says хотеть|0.06|-0.11 ; says цена|0.35|0.02 ; says час|0.17|-0.34 ; says чел|0.04|0.11
; says человек|-0.35|-0.42 ; says чем|0.14|-0.30 ; says что|-0.26|-0.48 ; says чтоб|0.11|-0.11 ; says
школа|0.21|-0.11 ; says шт|0.15|0.35 ; says этаж|0.02|-0.09 ; says это|-0.04|0.03 ; says этот|0.14|0.14 ; says
я|-0.68|0.05 ; sentences|0.81|0.21 ; settled|0.06|0.86 ; share act|-0.19|0.10 ; share act_noun|-0.15|0.10 ;
share agreed|-0.12|0.10 ; share arranged|-0.12|0.05 ; share attitude|0.06|-0.05 ; share backstory|-0.06|-0.04
; share before|-0.02|-0.05 ; share client|0.05|-0.02 ; share closing|0.03|0.17 ; share deciding|-0.03|0.10 ;
share delivering|-0.08|0.09 ; share filler|-0.03|0.09 ; share generic|-1.02|-0.16 ; share internal|-0.18|0.03
; share life|-0.09|-0.05 ; share logistics|0.09|0.05 ; share meta|-0.08|-0.01 ; share money|0.12|0.10 ; share
no_talk|-0.24|-0.19 ; share outcome|0.03|0.10 ; share people|-0.06|-0.02 ; share settled|-0.07|0.07 ; share
stop|-0.72|-0.16 ; share told|0.14|-0.09 ; share topic|1.12|0.21 ; share twice|-0.09|0.04 ; share
wish|0.10|-0.12 ; stop|-0.50|0.25 ; times|-0.17|2.99 ; times with digits|-0.14|0.98 ; told|1.04|-0.63 ; topic
|0.68|-0.25 ; topic ADJF|0.37|0.42 ; topic ADJS|0.05|0.42 ; topic ADVB|-0.11|-0.15 ; topic COMP|-0.13|-0.12 ;
topic INFN|-0.06|-0.10 ; topic NOUN|2.60|0.27 ; topic PRTF|-0.32|-0.05 ; topic PRTS|-0.20|-0.45 ; topic
VERB|0.11|0.28 ; twice|-0.09|0.38 ; two times at once|0.25|0.98 ; unknown|1.01|-0.02 ; vague times|0.32|-0.67
; wish|1.07|-0.46 ; words|0.58|-0.65
""")
