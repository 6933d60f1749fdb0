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
always|-6.49|-0.11 ; ADJF|0.27|-0.09 ; ADJS|-0.14|0.46 ; ADVB|-0.20|-0.19 ; COMP|0.01|-0.16 ; CONJ|0.24|-0.45
; INFN|0.13|-0.24 ; INTJ|-0.23|-0.22 ; NOUN|0.53|-0.56 ; NPRO|-0.19|0.10 ; NPRO1per|-0.27|0.02 ;
NPRO2per|-0.48|-0.45 ; NPRO3per|-0.45|0.52 ; NUMR|0.53|0.19 ; PRCL|0.12|-0.04 ; PREDpres|0.18|-0.01 ;
PREP|0.61|0.26 ; PRTFpast|-0.01|-0.12 ; PRTFpres|-0.38|-0.07 ; PRTSpast|-0.91|-0.67 ; VERB|-0.64|-0.38 ;
VERBfutr1per|-0.22|0.34 ; VERBfutr3per|-0.26|1.57 ; VERBpast|0.16|0.60 ; VERBpres1per|-0.68|0.24 ;
VERBpres3per|0.76|-0.44 ; act|0.10|0.60 ; act_noun|0.26|0.37 ; agreed|0.06|0.70 ; amounts|1.38|-0.53 ;
arranged|0.09|0.96 ; attitude|1.13|0.39 ; backstory|-0.27|-0.37 ; before|-0.08|-0.43 ; client|1.24|0.08 ;
closing|1.25|1.59 ; conditions|0.10|0.19 ; dated ADJF|-0.09|-0.32 ; dated ADJS|-0.01|-0.38 ; dated
ADVB|0.60|0.04 ; dated COMP|-0.01|0.09 ; dated CONJ|-0.20|-0.31 ; dated INFN|0.46|-0.06 ; dated NOUN|0.62|0.25
; dated NPRO|0.05|0.10 ; dated NPRO1per|-0.11|0.19 ; dated NPRO3per|-0.07|0.56 ; dated NUMR|-0.19|0.13 ; dated
PRCL|-0.41|-0.82 ; dated PREDpres|0.29|0.04 ; dated PREP|-0.50|1.30 ; dated PRTSpast|-0.46|-0.24 ; dated
VERB|0.08|-0.25 ; dated VERBfutr1per|-0.02|0.51 ; dated VERBfutr3per|0.55|1.05 ; dated VERBpast|-0.42|-0.25 ;
dated VERBpres1per|0.53|0.62 ; dated VERBpres3per|-0.00|-0.27 ; dated act|0.44|0.67 ; dated act_noun|0.01|1.09
; dated agreed|-0.72|0.48 ; dated arranged|-0.65|0.63 ; dated attitude|-0.09|-0.36 ; dated
backstory|-0.38|-0.12 ; dated before|0.05|-0.14 ; dated client|-0.02|0.09 ; dated closing|0.07|0.11 ; dated
deciding|-0.13|0.13 ; dated deed|0.18|-0.46 ; dated delivering|0.05|0.37 ; dated filler|0.32|0.44 ; dated
generic|0.18|-0.13 ; dated internal|0.00|-0.32 ; dated latin|0.25|-0.10 ; dated life|-0.45|-0.37 ; dated
logistics|-0.76|0.59 ; dated mash|-0.35|-0.02 ; dated meta|0.08|0.18 ; dated money|0.71|0.49 ; dated
name|0.45|-0.08 ; dated no_talk|-0.69|-0.39 ; dated other|1.01|0.09 ; dated outcome|0.36|0.20 ; dated
people|-0.38|-0.15 ; dated place|-0.13|0.11 ; dated settled|-0.18|0.10 ; dated stop|-0.28|0.05 ; dated
told|-0.41|-0.58 ; dated topic |0.03|0.20 ; dated topic ADJF|0.30|-0.65 ; dated topic ADJS|-0.08|-0.53 ; dated
topic ADVB|0.25|-0.43 ; dated topic COMP|-0.03|0.03 ; dated topic INFN|0.49|-0.10 ; dated topic
NOUN|0.32|-0.31 ; dated topic VERB|0.31|-0.01 ; dated unknown|0.37|0.50 ; dated wish|0.29|-0.74 ;
deciding|0.35|0.98 ; deed|-0.76|0.35 ; deeds in a later sentence|0.78|0.21 ; delivering|-0.30|0.93 ; end
ADJF|-0.25|-0.53 ; end ADJS|-0.30|0.52 ; end ADVB|0.02|-0.17 ; end COMP|0.35|-0.07 ; end CONJ|0.47|-0.12 ; end
INFN|-0.33|-0.06 ; end NOUN|-0.26|0.31 ; end NPRO|0.06|0.13 ; end NPRO1per|0.26|-0.11 ; end NPRO3per|0.12|0.24
; end NUMR|-0.07|0.24 ; end PRCL|0.38|0.27 ; end PREDpres|-0.06|0.02 ; end PREP|0.42|0.11 ; end
PRTSpast|0.20|0.14 ; end VERB|-0.23|-0.14 ; end VERBfutr1per|0.10|-0.07 ; end VERBfutr3per|0.82|0.23 ; end
VERBpast|0.07|0.06 ; end VERBpres1per|0.42|0.45 ; end VERBpres3per|-0.06|-0.10 ; end act|0.59|0.50 ; end
act_noun|0.76|0.80 ; end agreed|0.61|0.01 ; end arranged|-0.90|-0.25 ; end attitude|0.53|0.20 ; end
backstory|0.06|-0.07 ; end client|0.67|-0.15 ; end closing|1.41|1.42 ; end deciding|-0.19|0.54 ; end
deed|-0.16|0.44 ; end delivering|0.55|0.15 ; end filler|0.24|-0.09 ; end generic|0.32|0.39 ; end
internal|0.40|0.10 ; end latin|-0.16|-0.30 ; end life|0.01|-0.30 ; end logistics|0.14|0.36 ; end
mash|-0.29|-0.05 ; end meta|0.21|0.04 ; end money|-0.18|-0.06 ; end name|-0.62|0.22 ; end no_talk|-0.22|-0.55
; end other|-0.79|-0.15 ; end outcome|0.59|0.56 ; end people|-0.04|-0.16 ; end place|0.23|-0.02 ; end
settled|0.66|0.78 ; end stop|0.18|-0.24 ; end told|-0.03|-0.01 ; end topic |-0.01|-0.19 ; end topic
ADJF|-0.57|0.03 ; end topic ADJS|0.19|0.28 ; end topic ADVB|-0.20|-0.06 ; end topic COMP|0.35|0.02 ; end topic
INFN|-0.10|-0.22 ; end topic NOUN|-0.40|-0.44 ; end topic PRTS|0.50|0.00 ; end topic VERB|0.30|-0.02 ; end
unknown|-0.34|-0.16 ; end wish|0.04|-0.06 ; ends after an attitude|0.59|0.58 ; ends after nothing|-0.78|0.14 ;
ends after topics|1.05|1.14 ; ends with a time|1.20|1.25 ; filler|-0.58|-0.17 ; generic|-1.53|-0.44 ; if
ADJF|-0.25|0.07 ; if ADJS|0.14|0.08 ; if ADVB|-0.01|0.27 ; if CONJ|-0.11|-0.07 ; if INFN|0.09|-0.03 ; if
NOUN|0.43|-0.16 ; if NPRO1per|0.16|0.02 ; if NPRO3per|0.09|0.01 ; if PRCL|-0.39|0.05 ; if PREP|0.41|0.33 ; if
VERBfutr1per|-0.10|0.06 ; if VERBfutr3per|-0.36|0.18 ; if VERBpast|0.11|-0.28 ; if VERBpres1per|0.01|0.14 ; if
VERBpres3per|0.03|-0.09 ; if act|-0.28|0.13 ; if act_noun|0.08|0.26 ; if agreed|0.07|-0.11 ; if
arranged|-0.13|-0.01 ; if attitude|-0.23|0.11 ; if client|0.10|-0.00 ; if deciding|0.01|0.00 ; if
deed|-0.00|-0.02 ; if delivering|-0.20|-0.09 ; if filler|0.22|0.01 ; if generic|-0.02|0.19 ; if life|0.01|0.12
; if logistics|-0.39|0.05 ; if meta|0.12|0.03 ; if money|0.00|-0.22 ; if no_talk|0.05|-0.09 ; if
other|-0.50|0.07 ; if outcome|0.10|-0.06 ; if people|-0.13|-0.14 ; if stop|-0.21|0.16 ; if told|0.09|-0.10 ;
if topic ADJF|0.03|-0.02 ; if topic ADVB|-0.18|0.27 ; if topic INFN|0.04|0.02 ; if topic NOUN|0.75|-0.17 ; if
topic VERB|-0.30|0.29 ; if unknown|0.16|0.17 ; if wish|0.17|-0.01 ; internal|-1.10|-0.08 ; last
ADJF|0.49|-0.36 ; last ADJS|-0.18|-0.19 ; last ADVB|-0.05|-0.00 ; last COMP|0.07|-0.12 ; last CONJ|0.24|0.08 ;
last INFN|-0.25|-0.04 ; last INTJ|-0.16|-0.20 ; last NOUN|-0.35|-0.23 ; last NPRO|-0.12|0.20 ; last
NPRO1per|-0.44|0.03 ; last NPRO2per|-0.39|-0.17 ; last NPRO3per|-0.56|0.57 ; last NUMR|0.41|0.21 ; last
PRCL|-0.61|-0.11 ; last PREDpres|-0.11|-0.11 ; last PREP|0.01|-0.07 ; last PRTFpast|0.00|-0.07 ; last
PRTSpast|-0.22|0.09 ; last VERB|-0.28|-0.17 ; last VERBfutr1per|-0.19|0.18 ; last VERBfutr3per|0.16|0.62 ;
last VERBpast|-0.07|-0.02 ; last VERBpres1per|-0.01|0.41 ; last VERBpres3per|0.51|-0.06 ; last act|-0.00|0.38
; last act_noun|-0.12|0.66 ; last agreed|-0.21|0.34 ; last arranged|0.07|0.50 ; last attitude|0.15|-0.25 ;
last backstory|-0.48|-0.38 ; last before|0.28|-0.24 ; last client|0.60|-0.19 ; last closing|1.21|1.21 ; last
deciding|0.29|0.65 ; last deed|-0.52|-0.10 ; last delivering|-0.35|0.33 ; last filler|-0.13|0.19 ; last
generic|0.19|-0.60 ; last internal|-1.43|0.23 ; last latin|0.12|-0.03 ; last life|-0.16|-0.33 ; last
logistics|0.31|-0.21 ; last mash|-0.46|-0.15 ; last meta|-0.07|-0.15 ; last money|-0.08|0.17 ; last
name|-0.12|0.25 ; last no_talk|-0.35|-0.87 ; last other|-0.35|-0.06 ; last outcome|-0.13|0.75 ; last
people|-0.11|-0.11 ; last place|0.33|-0.00 ; last settled|-0.19|0.51 ; last stop|-0.05|-0.29 ; last
told|0.67|-0.07 ; last topic |-0.06|0.04 ; last topic ADJF|0.34|0.17 ; last topic ADJS|0.10|-0.20 ; last topic
ADVB|0.17|-0.27 ; last topic COMP|-0.08|-0.08 ; last topic INFN|-0.22|0.12 ; last topic NOUN|0.10|0.23 ; last
topic PRTF|-0.16|-0.05 ; last topic PRTS|0.02|0.00 ; last topic VERB|0.06|-0.10 ; last twice|-0.11|0.36 ; last
unknown|0.07|0.22 ; last wish|0.27|-0.17 ; latin|0.41|-0.82 ; life|-0.75|-0.40 ; logistics|0.42|0.12 ;
mash|-0.46|-0.15 ; meta|-0.15|-0.35 ; money|0.83|0.15 ; name|0.12|-0.08 ; negations|0.53|0.20 ;
no_talk|-1.27|-1.03 ; not ADJF|0.22|-0.02 ; not ADJS|0.13|0.41 ; not INFN|-0.28|0.05 ; not NOUN|0.29|0.01 ;
not PREP|-0.02|0.06 ; not VERBfutr3per|0.30|0.42 ; not VERBpast|-0.13|-0.40 ; not VERBpres1per|0.15|0.34 ; not
VERBpres3per|0.61|-0.64 ; not act|0.15|0.05 ; not act_noun|0.13|-0.21 ; not attitude|-0.26|0.83 ; not
client|0.19|0.29 ; not deciding|-0.26|-0.25 ; not deed|-0.04|-0.16 ; not delivering|0.30|-0.05 ; not
generic|-0.45|0.17 ; not life|0.40|-0.08 ; not logistics|0.24|0.04 ; not money|0.73|-0.01 ; not
no_talk|-0.48|-0.17 ; not pleasing|0.98|0.23 ; not settled|0.08|0.31 ; not stop|-0.65|-0.74 ; not
told|0.16|-0.08 ; not topic INFN|-0.46|-0.02 ; not topic NOUN|0.98|0.04 ; not topic VERB|-0.01|0.06 ; not
wish|0.33|-0.09 ; numbers|1.46|-0.24 ; other|0.53|-0.01 ; outcome|0.16|0.67 ; people|-0.11|-0.07 ;
place|0.53|-0.34 ; questions|0.20|-0.05 ; repeated|-0.56|-0.67 ; says а|0.07|-0.01 ; says аванс|-0.07|-0.02 ;
says архив|-0.02|0.10 ; says аттестат|0.06|0.08 ; says бабушка|0.26|-0.04 ; says база|0.20|-0.07 ; says
банк|0.06|0.26 ; says без|0.45|-0.17 ; says бесплатно|0.14|0.12 ; says большой|0.26|0.74 ; says
бояться|0.05|0.01 ; says брать|-0.22|-0.11 ; says бронь|0.14|0.01 ; says бухгалтер|0.00|-0.21 ; says
быть|-0.31|-0.19 ; says бюджет|0.16|0.13 ; says в|-0.88|-0.13 ; says вариант|0.01|-0.50 ; says ваш|-0.38|-0.29
; says вернуть|0.10|0.06 ; says вернуться|0.56|-0.07 ; says вести|-0.12|0.11 ; says весь|-0.72|-0.22 ; says
взять|-0.58|0.48 ; says внести|-0.16|0.12 ; says водитель|-0.01|-0.19 ; says вопрос|-0.38|-0.12 ; says
время|-0.06|0.07 ; says все|-0.34|-0.54 ; says встреча|-0.31|0.04 ; says второй|0.09|-0.35 ; says
вы|-0.46|-0.44 ; says выбрать|0.22|-0.15 ; says выйти|0.35|0.29 ; says выписка|0.17|0.03 ; says г|0.01|-0.49 ;
says гарантия|0.05|-0.07 ; says говорить|-0.51|-0.47 ; says год|0.55|0.12 ; says график|0.25|-0.04 ; says
группа|0.08|0.22 ; says да|0.20|-0.15 ; says давать|0.27|-0.21 ; says далекий|0.01|-0.24 ; says
дата|-0.21|-0.37 ; says дать|0.04|0.10 ; says дача|0.08|0.10 ; says два|0.63|0.31 ; says двое|-0.01|-0.17 ;
says девочка|-0.10|0.06 ; says делать|0.10|0.12 ; says дело|-0.39|-0.03 ; says день|0.09|-0.02 ; says
деньга|0.14|-0.07 ; says дешевый|0.03|0.09 ; says дизайн|-0.00|0.04 ; says диплом|0.05|-0.04 ; says
директор|0.32|0.16 ; says для|0.37|0.33 ; says до|-0.43|0.37 ; says довольный|0.08|0.42 ; says
договор|-0.16|0.09 ; says договоренность|0.08|-0.04 ; says договориться|0.32|0.42 ; says документ|-0.40|0.01 ;
says долг|0.09|0.01 ; says дом|-0.17|0.13 ; says дорого|0.12|0.07 ; says дочка|0.12|0.09 ; says
дочь|-0.07|0.04 ; says друг|0.14|-0.03 ; says другой|0.21|0.16 ; says думать|-0.44|-0.27 ; says
если|-0.47|0.38 ; says есть|-0.45|-0.63 ; says ехать|0.08|0.02 ; says еще|-0.09|0.07 ; says жалоба|-0.03|0.48
; says ждать|-1.01|0.25 ; says же|0.37|0.44 ; says жена|0.34|-0.14 ; says жить|0.10|-0.12 ; says за|0.71|0.06
; says забирать|-0.10|0.24 ; says забрать|0.12|-0.14 ; says закрывать|0.35|0.38 ; says закрытый|-0.05|0.19 ;
says закрыть|0.26|0.55 ; says замереть|0.64|0.19 ; says занятый|-0.20|-0.16 ; says записать|-0.20|-0.51 ; says
запись|0.19|-0.02 ; says заявка|0.19|0.05 ; says заявление|0.15|0.02 ; says звонить|-0.02|-0.09 ; says
звонок|-0.18|0.01 ; says знать|0.06|-0.48 ; says и|0.24|-0.22 ; says идти|-0.24|-0.30 ; says из|0.28|-0.21 ;
says или|0.24|0.07 ; says интересовать|0.18|0.20 ; says ипотека|0.06|-0.22 ; says искать|0.20|0.17 ; says
итог|0.00|-0.06 ; says к|-0.09|0.33 ; says как|-0.52|-0.16 ; says какой|-0.01|-0.02 ; says карта|-0.14|0.15 ;
says карточка|0.33|0.18 ; says квартира|-0.03|-0.19 ; says кинуть|0.12|0.05 ; says класс|-0.14|-0.22 ; says
клиент|-1.08|-0.06 ; says ключ|-0.79|-0.19 ; says когда|0.17|-0.21 ; says колледж|-0.34|0.02 ; says
консультация|-0.34|-0.19 ; says контакт|-0.30|-0.37 ; says кредит|0.04|-0.29 ; says кто|-0.05|0.03 ; says
курс|-0.14|0.41 ; says кухня|0.09|-0.11 ; says ли|0.65|-0.17 ; says м|0.29|-0.04 ; says мама|0.02|0.24 ; says
масло|0.02|0.07 ; says мастер|0.45|0.13 ; says машина|0.39|0.05 ; says менеджер|-0.13|-0.08 ; says
менять|0.81|0.07 ; says мес|0.04|-0.10 ; says место|0.39|0.04 ; says месяц|0.44|-0.90 ; says
минута|-0.33|-0.10 ; says млн|0.06|-0.33 ; says можно|0.09|0.26 ; says мой|0.02|0.21 ; says молчать|0.03|-0.22
; says мочь|-0.05|0.10 ; says муж|0.16|-0.40 ; says мы|0.42|-0.10 ; says на|-0.41|-0.02 ; says
набрать|0.11|0.42 ; says надо|0.21|0.17 ; says назвать|0.09|-0.20 ; says найти|-0.02|0.18 ; says
написать|-0.14|0.09 ; says направление|0.08|-0.03 ; says наш|-0.01|-0.03 ; says не|-0.08|0.26 ; says
неделя|-0.29|0.06 ; says нет|-0.22|0.10 ; says ничего|0.08|-0.19 ; says но|-0.68|0.04 ; says новый|0.54|0.04 ;
says номер|0.11|0.16 ; says ну|-0.32|-0.08 ; says нужный|0.78|0.36 ; says о|0.16|-0.12 ; says оба|0.00|-0.00 ;
says обещать|-0.06|0.49 ; says обсудить|0.62|-0.56 ; says объект|-0.11|-0.03 ; says объяснить|0.05|0.34 ; says
один|-0.27|-0.10 ; says одобрить|0.09|0.37 ; says окно|0.76|-0.05 ; says около|-0.13|-0.02 ; says
он|-0.30|0.51 ; says она|-0.16|0.06 ; says они|-0.27|-0.05 ; says оплата|0.17|0.11 ; says оплатить|0.22|0.28 ;
says оставить|0.28|-0.15 ; says остаток|-0.30|0.05 ; says остаться|-0.06|-0.01 ; says от|-0.67|-0.49 ; says
ответ|0.81|0.16 ; says ответить|0.04|-0.09 ; says отдать|0.26|0.21 ; says отец|0.49|0.16 ; says
отказ|0.37|0.31 ; says отправить|-0.27|0.03 ; says отпуск|-0.39|-0.54 ; says офис|-0.13|0.27 ; says
оформить|-0.21|0.07 ; says очень|-0.32|-0.29 ; says папа|0.45|0.19 ; says паспорт|-0.10|0.02 ; says
первый|0.16|-0.27 ; says перезвонить|0.19|-0.02 ; says перенести|0.10|0.18 ; says писать|-0.30|0.02 ; says
платить|0.17|-0.08 ; says по|-0.08|-0.39 ; says поговорить|-0.28|-0.21 ; says под|0.18|0.13 ; says
подавать|0.19|-0.07 ; says подписать|-0.12|-0.07 ; says подписывать|0.31|-0.13 ; says подтвердить|0.06|0.18 ;
says позвонить|0.03|-0.11 ; says поздний|-0.09|-0.05 ; says пока|0.10|-0.13 ; says показать|0.05|0.31 ; says
полис|-0.13|-0.01 ; says полный|0.64|-0.14 ; says половина|0.05|0.35 ; says получить|0.08|-0.16 ; says
поменять|0.09|0.31 ; says понравиться|0.05|-0.27 ; says попросить|0.10|-0.02 ; says после|0.37|0.53 ; says
посмотреть|0.17|0.10 ; says поставить|-0.04|-0.10 ; says посчитать|0.04|0.09 ; says потом|-0.34|0.13 ; says
почта|0.25|0.21 ; says практика|0.04|0.10 ; says предложить|0.16|0.28 ; says предоплата|0.24|0.16 ; says
претензия|-0.04|-0.13 ; says при|0.05|-0.02 ; says привезти|0.11|0.06 ; says приехать|-0.09|0.09 ; says
прийти|0.17|-0.05 ; says принять|-0.23|0.01 ; says прислать|0.41|-0.44 ; says про|0.39|-0.69 ; says
пробный|0.20|0.19 ; says провести|-0.64|-0.47 ; says пройти|-0.07|0.00 ; says просить|0.29|0.06 ; says
против|0.42|-0.03 ; says прошлый|-0.05|0.21 ; says р|-0.13|0.08 ; says работа|-0.01|-0.09 ; says
работать|0.41|0.03 ; says раз|0.37|-0.11 ; says разговор|-0.22|-0.09 ; says ранний|-0.35|-0.46 ; says
рассказать|0.36|0.14 ; says рассрочка|0.30|-0.08 ; says ребенок|0.40|-0.46 ; says рейс|0.03|0.16 ; says
ремонт|-0.38|-0.27 ; says решать|-0.09|0.00 ; says решить|0.25|0.33 ; says с|-0.14|0.43 ; says
сайт|-0.15|-0.03 ; says сам|0.67|0.24 ; says свой|0.13|0.04 ; says связь|-0.13|0.05 ; says сдать|-0.17|-0.53 ;
says сделать|-0.07|0.40 ; says сделка|0.37|0.23 ; says себя|-0.26|-0.09 ; says сейчас|-0.02|0.12 ; says
сказать|-0.35|-0.95 ; says скан|-0.44|0.06 ; says скидка|0.16|-0.13 ; says скинуть|-0.90|0.56 ; says
склад|0.02|0.14 ; says сколько|0.05|0.25 ; says слать|0.08|0.07 ; says смета|0.18|0.01 ; says
смотреть|-0.02|-0.31 ; says смс|-0.11|0.03 ; says смущать|0.02|0.10 ; says снять|0.28|0.28 ; says
согласиться|-0.02|0.14 ; says согласный|0.13|0.39 ; says согласовать|0.12|0.14 ; says созвон|0.01|0.03 ; says
созвониться|-0.06|-0.02 ; says сообщить|-0.15|-0.47 ; says сосед|0.15|0.25 ; says спасибо|-0.08|-0.13 ; says
спо|-0.13|0.10 ; says справка|0.22|0.03 ; says спрашивать|0.32|-0.10 ; says спросить|0.42|-0.66 ; says
сразу|0.23|0.07 ; says срок|0.09|-0.15 ; says ссылка|0.10|-0.02 ; says ставка|0.05|-0.20 ; says
старый|-0.34|0.04 ; says стоимость|0.03|-0.10 ; says счет|0.12|0.11 ; says считать|0.00|0.01 ; says
сын|0.16|0.11 ; says так|-0.03|-0.09 ; says такой|-0.41|-0.04 ; says там|0.03|-0.22 ; says телефон|0.02|-0.13
; says то|-0.44|0.10 ; says тогда|0.08|-0.07 ; says тоже|-0.21|0.06 ; says только|0.03|-0.45 ; says
тот|0.26|0.17 ; says третий|0.06|0.11 ; says три|0.08|0.06 ; says трубка|-0.18|0.03 ; says тыс|0.09|0.14 ;
says у|0.34|0.11 ; says уже|0.47|-0.02 ; says узнавать|0.35|0.22 ; says уйти|0.18|-0.43 ; says
устроить|-0.01|0.03 ; says утро|-0.33|0.13 ; says форма|0.03|0.07 ; says фото|-0.40|-0.05 ; says
хороший|-0.12|-0.04 ; says хотеть|0.06|-0.04 ; says цена|0.34|-0.03 ; says час|0.18|-0.32 ; says чел|0.04|0.10
; says человек|-0.38|-0.41 ; says чем|0.12|-0.29 ; says что|-0.12|-0.37 ; says чтоб|0.10|-0.11 ; says
школа|0.19|-0.09 ; says шт|0.14|0.32 ; says этаж|0.02|-0.12 ; says это|-0.03|0.03 ; says этот|0.10|0.11 ; says
я|-0.68|0.06 ; sentences|0.84|0.20 ; settled|0.06|0.84 ; share act|-0.21|0.11 ; share act_noun|-0.15|0.11 ;
share agreed|-0.13|0.11 ; share arranged|-0.12|0.05 ; share attitude|0.10|-0.06 ; share backstory|-0.06|-0.04
; share before|-0.02|-0.06 ; share client|0.07|-0.04 ; share closing|0.03|0.17 ; share deciding|-0.04|0.12 ;
share delivering|-0.09|0.10 ; share filler|-0.03|0.10 ; share generic|-1.03|-0.16 ; share internal|-0.17|0.02
; share life|-0.07|-0.04 ; share logistics|0.08|0.04 ; share meta|-0.08|-0.01 ; share money|0.10|0.09 ; share
no_talk|-0.24|-0.18 ; share outcome|0.02|0.11 ; share people|-0.05|-0.03 ; share settled|-0.08|0.07 ; share
stop|-0.71|-0.16 ; share told|0.16|-0.06 ; share topic|1.15|0.24 ; share twice|-0.09|0.04 ; share
wish|0.09|-0.12 ; stop|-0.48|0.28 ; times|-0.16|2.94 ; times with digits|-0.16|1.04 ; told|1.08|-0.54 ; topic
|0.67|-0.24 ; topic ADJF|0.34|0.44 ; topic ADJS|0.03|0.40 ; topic ADVB|-0.08|-0.15 ; topic COMP|-0.12|-0.10 ;
topic INFN|-0.09|-0.08 ; topic NOUN|2.55|0.20 ; topic PRTF|-0.32|-0.05 ; topic PRTS|-0.20|-0.48 ; topic
VERB|0.09|0.31 ; twice|-0.03|0.38 ; two times at once|0.22|0.98 ; unknown|0.99|-0.09 ; vague times|0.28|-0.64
; wish|1.05|-0.51 ; words|0.59|-0.61
""")
