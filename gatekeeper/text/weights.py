"""What each signal is worth, in log odds. Written by `python -m benchmarks.comment_weights`, never by hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

ALWAYS = "always"  # what every comment has: how likely a half is there before a word is read


# By signal: for the subject, for the agreement. Positive speaks for that half being there, negative against it.
Weights: TypeAlias = Mapping[str, tuple[float, float]]


def _table(text: str) -> Weights:
    cells = (cell.split("|") for cell in " ".join(text.split()).split(" ; "))
    return {name: (float(subject), float(agreement)) for name, subject, agreement in cells}


FITTED = _table("""
always|-7.10|1.02 ; ADJF|0.20|-0.22 ; ADJS|0.07|-0.11 ; ADVB|-0.10|-0.14 ; COMP|0.10|0.04 ; CONJ|0.44|-0.28 ;
INFN|0.14|0.21 ; INTJ|-0.29|-0.09 ; NOUN|0.59|-0.49 ; NPRO|-0.26|-0.14 ; NPRO1per|-0.24|0.24 ;
NPRO2per|-0.66|-0.35 ; NPRO3per|-0.60|0.54 ; NUMR|0.19|0.10 ; PRCL|0.26|0.06 ; PREDpres|0.24|0.01 ;
PREP|0.15|0.41 ; PRTFpast|0.01|-0.08 ; PRTFpres|-0.36|-0.09 ; PRTSpast|-0.89|-0.50 ; VERB|-0.57|-0.02 ;
VERBfutr1per|0.14|0.16 ; VERBfutr3per|-0.13|1.21 ; VERBpast|0.15|0.40 ; VERBpres1per|-0.18|0.20 ;
VERBpres3per|1.22|-0.65 ; act|-0.26|0.58 ; act_noun|-0.15|0.41 ; agreed|-0.10|0.80 ; amounts|1.01|-0.28 ;
arranged|-0.16|0.69 ; backstory|0.12|-0.04 ; client|0.90|-0.34 ; closing|1.53|1.37 ; conditions|-0.19|0.23 ;
dated ADJF|0.19|-0.76 ; dated ADJS|-0.03|-0.41 ; dated ADVB|0.10|-0.07 ; dated COMP|0.03|-0.19 ; dated
CONJ|0.09|-0.41 ; dated INFN|0.27|-0.11 ; dated NOUN|0.50|0.41 ; dated NPRO1per|-0.05|0.13 ; dated
NPRO3per|0.14|0.35 ; dated NUMR|-0.01|0.08 ; dated PRCL|-0.34|-0.32 ; dated PREDpres|0.06|0.02 ; dated
PREP|0.13|1.23 ; dated PRTSpast|-0.24|-0.23 ; dated VERBfutr1per|0.13|0.28 ; dated VERBfutr3per|0.25|0.91 ;
dated VERBpast|-0.27|-0.43 ; dated VERBpres1per|0.40|0.50 ; dated VERBpres3per|-0.11|-0.35 ; dated
act|0.67|0.97 ; dated act_noun|-0.11|0.98 ; dated agreed|-0.50|0.73 ; dated arranged|-0.34|0.54 ; dated
backstory|-0.06|-0.13 ; dated client|0.19|-0.10 ; dated closing|0.10|0.07 ; dated deciding|-0.37|0.33 ; dated
delivering|0.00|0.69 ; dated filler|-0.02|0.09 ; dated generic|-0.04|0.18 ; dated internal|0.11|-0.13 ; dated
life|-0.33|-0.29 ; dated logistics|-0.63|0.38 ; dated meta|0.07|0.33 ; dated money|0.37|0.33 ; dated
name|0.64|-0.04 ; dated no_talk|-0.50|-0.23 ; dated other|0.27|0.10 ; dated people|-0.25|-0.19 ; dated
place|0.01|-0.08 ; dated stop|-0.32|0.28 ; dated told|-0.26|-0.26 ; dated topic |0.33|0.45 ; dated topic
ADJF|0.65|-0.52 ; dated topic ADJS|-0.03|-0.34 ; dated topic ADVB|0.19|-0.46 ; dated topic COMP|-0.00|-0.18 ;
dated topic INFN|0.32|-0.26 ; dated topic NOUN|0.40|-0.23 ; dated topic VERB|0.53|-0.11 ; dated
unknown|0.60|0.52 ; dated wish|0.06|-0.62 ; deciding|0.06|0.63 ; delivering|-0.45|0.90 ; end ADJF|-0.10|-0.01
; end ADJS|0.29|0.22 ; end ADVB|0.00|-0.02 ; end COMP|0.05|0.06 ; end CONJ|0.20|-0.03 ; end INFN|-0.46|-0.04 ;
end NOUN|-0.10|-0.09 ; end NPRO1per|-0.05|-0.02 ; end NPRO3per|0.06|0.27 ; end NUMR|0.08|0.05 ; end
PRCL|0.03|0.01 ; end PREDpres|-0.03|-0.09 ; end PREP|0.47|0.05 ; end PRTSpast|0.42|0.08 ; end
VERBfutr1per|0.26|0.07 ; end VERBfutr3per|0.43|0.24 ; end VERBpast|0.13|-0.07 ; end VERBpres1per|0.73|0.34 ;
end VERBpres3per|-0.36|0.20 ; end act|0.52|0.67 ; end act_noun|1.07|0.60 ; end agreed|0.36|0.15 ; end
arranged|-0.14|-0.01 ; end backstory|-0.14|-0.07 ; end client|0.40|-0.38 ; end closing|1.65|1.17 ; end
deciding|0.06|0.35 ; end delivering|0.48|0.24 ; end filler|0.06|0.18 ; end generic|0.74|0.23 ; end
internal|-0.03|0.02 ; end latin|-0.28|-0.11 ; end life|0.15|-0.30 ; end logistics|0.25|0.26 ; end
meta|0.04|-0.09 ; end money|0.03|-0.23 ; end name|-0.23|0.41 ; end no_talk|-0.37|-0.23 ; end other|-0.33|-0.30
; end people|0.32|0.04 ; end place|-0.06|-0.02 ; end stop|0.16|-0.23 ; end told|-0.06|-0.02 ; end topic
|-0.37|-0.10 ; end topic ADJF|0.14|0.12 ; end topic ADJS|0.39|0.23 ; end topic ADVB|-0.09|0.13 ; end topic
COMP|0.02|0.19 ; end topic INFN|-0.19|-0.17 ; end topic NOUN|-0.53|-0.47 ; end topic PRTS|0.36|0.07 ; end
topic VERB|0.25|-0.05 ; end unknown|-0.35|-0.04 ; end wish|0.03|-0.08 ; ends with a time|0.99|0.91 ;
filler|-0.43|0.07 ; generic|-1.73|-0.65 ; if ADJF|0.13|-0.06 ; if ADVB|0.08|0.08 ; if CONJ|-0.05|0.05 ; if
INFN|-0.09|-0.10 ; if NOUN|0.26|0.16 ; if NPRO1per|-0.08|0.02 ; if NPRO3per|-0.01|-0.01 ; if PRCL|-0.16|0.01 ;
if PREP|-0.03|0.22 ; if VERBfutr1per|0.20|-0.08 ; if VERBfutr3per|-0.32|0.37 ; if VERBpast|0.12|-0.19 ; if
VERBpres1per|0.17|0.08 ; if VERBpres3per|-0.07|-0.04 ; if act|-0.06|0.02 ; if act_noun|0.04|0.12 ; if
agreed|-0.00|0.05 ; if arranged|-0.06|0.03 ; if client|0.21|0.03 ; if delivering|-0.04|0.02 ; if
filler|0.06|0.01 ; if generic|0.31|-0.19 ; if life|0.04|0.01 ; if logistics|-0.02|0.08 ; if meta|0.09|-0.01 ;
if money|-0.11|0.02 ; if no_talk|0.01|-0.15 ; if other|-0.59|0.27 ; if people|-0.10|0.01 ; if stop|-0.56|0.14
; if told|0.13|-0.14 ; if topic ADJF|0.16|-0.03 ; if topic ADVB|0.03|0.18 ; if topic INFN|-0.05|-0.07 ; if
topic NOUN|0.28|0.16 ; if topic VERB|-0.12|0.30 ; if unknown|0.18|0.08 ; if wish|0.16|-0.06 ;
internal|-0.97|-0.13 ; last ADJF|0.25|-0.37 ; last ADJS|0.17|0.00 ; last ADVB|0.10|-0.25 ; last COMP|0.27|0.10
; last CONJ|0.26|-0.21 ; last INFN|-0.12|0.04 ; last INTJ|-0.19|-0.07 ; last NOUN|-0.34|-0.24 ; last
NPRO|-0.05|-0.07 ; last NPRO1per|-0.23|0.02 ; last NPRO2per|-0.45|-0.11 ; last NPRO3per|-0.36|0.52 ; last
NUMR|0.11|-0.03 ; last PRCL|-0.12|-0.08 ; last PREDpres|0.01|-0.12 ; last PREP|-0.10|-0.20 ; last
PRTSpast|-0.24|-0.10 ; last VERB|-0.35|0.13 ; last VERBfutr1per|0.28|0.06 ; last VERBfutr3per|0.38|0.48 ; last
VERBpast|-0.02|-0.00 ; last VERBpres1per|0.01|0.47 ; last VERBpres3per|0.18|-0.29 ; last act|0.11|0.18 ; last
act_noun|0.12|0.46 ; last agreed|0.23|0.11 ; last arranged|-0.02|0.21 ; last backstory|0.04|-0.19 ; last
client|0.42|-0.03 ; last closing|1.41|1.34 ; last deciding|0.00|0.51 ; last delivering|-0.29|0.34 ; last
filler|-0.06|0.29 ; last generic|0.16|-0.51 ; last internal|-1.25|-0.01 ; last latin|0.00|0.08 ; last
life|-0.07|-0.24 ; last logistics|-0.03|-0.10 ; last meta|0.04|-0.18 ; last money|0.23|0.30 ; last
name|-0.15|-0.10 ; last no_talk|-0.51|-0.59 ; last other|0.25|0.01 ; last people|0.05|-0.05 ; last
place|0.14|-0.14 ; last stop|-0.32|-0.26 ; last told|0.17|-0.00 ; last topic |0.01|0.08 ; last topic
ADJF|0.47|-0.04 ; last topic ADJS|0.27|-0.02 ; last topic ADVB|-0.05|-0.16 ; last topic COMP|0.24|0.04 ; last
topic INFN|0.10|-0.05 ; last topic NOUN|0.10|0.07 ; last topic PRTS|-0.26|0.00 ; last topic VERB|-0.23|-0.11 ;
last unknown|-0.22|0.27 ; last wish|0.37|-0.17 ; latin|-0.16|-0.84 ; life|-0.39|-0.27 ; logistics|0.09|0.04 ;
meta|0.02|-0.31 ; money|1.07|0.11 ; name|-0.10|-0.50 ; negations|1.00|0.18 ; no_talk|-0.94|-0.52 ; not
ADJF|0.06|0.11 ; not ADJS|0.09|0.23 ; not INFN|-0.36|0.10 ; not NOUN|0.54|-0.18 ; not PREP|0.07|0.18 ; not
VERBfutr3per|0.35|0.46 ; not VERBpast|-0.23|-0.52 ; not VERBpres1per|0.39|0.45 ; not VERBpres3per|-0.10|-0.42
; not act|0.04|0.06 ; not client|0.86|0.05 ; not deciding|-0.19|-0.12 ; not generic|0.07|-0.14 ; not
life|0.13|0.03 ; not logistics|0.26|-0.07 ; not money|0.59|-0.25 ; not stop|-0.43|-0.12 ; not told|0.14|-0.27
; not topic INFN|-0.42|0.03 ; not topic NOUN|0.62|0.04 ; not topic VERB|-0.06|0.50 ; not wish|0.11|-0.12 ;
numbers|1.81|-0.49 ; other|0.94|-0.30 ; people|-0.07|-0.24 ; place|0.39|-0.33 ; questions|0.09|0.05 ;
repeated|-0.68|-0.80 ; says а|0.60|0.03 ; says аванс|0.01|0.04 ; says аттестат|0.03|0.02 ; says
база|0.14|-0.11 ; says банк|0.04|0.14 ; says без|0.18|-0.21 ; says большой|0.26|0.29 ; says бояться|0.04|0.08
; says брать|-0.34|0.19 ; says бронь|0.07|0.05 ; says бухгалтер|0.03|-0.19 ; says быть|0.01|-0.16 ; says
бюджет|0.17|-0.18 ; says в|-0.99|0.33 ; says вариант|0.06|-0.36 ; says вернуть|0.03|0.02 ; says
вернуться|0.71|0.00 ; says весь|-0.24|-0.20 ; says взять|-0.73|0.18 ; says внести|-0.08|0.15 ; says
вопрос|-0.09|-0.04 ; says время|0.01|-0.09 ; says все|-0.15|-0.39 ; says встреча|-0.12|-0.01 ; says
второй|-0.03|-0.30 ; says вы|-0.66|-0.35 ; says выбрать|0.04|-0.07 ; says г|0.02|-0.35 ; says
говорить|-0.29|-0.11 ; says год|0.24|0.34 ; says группа|0.02|0.02 ; says да|0.11|0.02 ; says давать|0.24|0.09
; says далекий|-0.03|-0.28 ; says дата|-0.02|-0.54 ; says дать|0.19|0.14 ; says дача|0.15|-0.04 ; says
два|0.46|0.03 ; says двое|0.08|-0.03 ; says девочка|-0.01|0.05 ; says делать|0.02|0.34 ; says дело|-0.21|-0.02
; says день|-0.07|0.17 ; says диплом|0.05|0.05 ; says директор|-0.01|0.03 ; says для|0.08|0.06 ; says
до|0.09|0.32 ; says довольный|0.14|-0.05 ; says договор|0.12|0.02 ; says договоренность|-0.11|-0.01 ; says
договориться|0.16|0.32 ; says дом|-0.15|0.20 ; says дорого|0.11|0.10 ; says друг|-0.06|-0.06 ; says
другой|0.27|0.24 ; says думать|-0.22|-0.21 ; says если|-0.28|0.27 ; says есть|-0.05|-0.35 ; says
ехать|0.00|0.11 ; says еще|-0.05|0.01 ; says ждать|-0.71|0.23 ; says же|0.04|0.10 ; says жена|0.02|-0.18 ;
says за|0.26|0.51 ; says закрывать|0.48|0.35 ; says закрытый|0.32|0.21 ; says закрыть|0.34|0.55 ; says
занятый|-0.28|-0.17 ; says записать|-0.14|-0.27 ; says запись|0.31|0.04 ; says заявка|-0.06|0.17 ; says
заявление|0.05|0.01 ; says звонить|-0.32|0.14 ; says звонок|-0.09|0.03 ; says знать|-0.01|-0.25 ; says
и|0.02|-0.33 ; says идти|-0.34|-0.05 ; says из|0.27|-0.05 ; says или|0.01|0.08 ; says интересовать|0.06|0.05 ;
says ипотека|0.18|-0.14 ; says искать|0.26|-0.11 ; says к|-0.27|0.45 ; says как|-0.39|0.24 ; says
карта|0.18|0.27 ; says класс|-0.12|-0.34 ; says клиент|-0.59|-0.21 ; says ключ|-0.21|-0.21 ; says
когда|0.09|-0.05 ; says колледж|-0.34|0.20 ; says консультация|-0.21|-0.06 ; says контакт|-0.09|-0.29 ; says
кредит|0.18|-0.23 ; says курс|-0.22|0.20 ; says ли|0.35|-0.29 ; says м|0.06|-0.02 ; says мама|0.15|-0.00 ;
says мастер|0.11|0.16 ; says машина|0.04|0.01 ; says менеджер|-0.06|-0.05 ; says мес|-0.05|0.12 ; says
место|0.24|0.17 ; says месяц|-0.06|-0.33 ; says млн|0.10|-0.31 ; says муж|0.08|-0.22 ; says мы|0.03|0.23 ;
says на|-0.69|0.01 ; says набрать|0.14|0.20 ; says написать|-0.17|-0.02 ; says направление|0.04|-0.04 ; says
наш|-0.09|0.19 ; says не|0.48|0.24 ; says неделя|0.09|0.14 ; says нет|0.25|0.14 ; says но|0.30|0.09 ; says
новый|0.13|0.11 ; says номер|0.25|0.07 ; says нужный|0.38|0.27 ; says о|0.01|-0.12 ; says обещать|-0.14|0.11 ;
says обсудить|0.65|-0.29 ; says объяснить|0.09|0.19 ; says один|0.07|-0.02 ; says окно|0.51|0.02 ; says
около|0.15|-0.10 ; says он|-0.24|0.30 ; says она|-0.16|0.26 ; says они|-0.20|0.01 ; says оплата|-0.00|0.02 ;
says оплатить|0.16|0.17 ; says остаток|-0.25|0.01 ; says остаться|-0.08|-0.08 ; says от|-0.34|-0.32 ; says
ответ|0.66|0.16 ; says ответить|-0.33|-0.10 ; says отец|0.32|-0.01 ; says отказ|0.36|0.15 ; says
отправить|-0.14|0.03 ; says отпуск|-0.22|-0.00 ; says офис|0.06|0.12 ; says очень|-0.02|-0.20 ; says
папа|0.19|0.11 ; says паспорт|-0.20|0.08 ; says первый|0.19|-0.17 ; says перезвонить|0.23|0.08 ; says
писать|-0.45|0.05 ; says платить|0.04|-0.01 ; says по|0.00|-0.11 ; says поговорить|-0.24|-0.16 ; says
под|0.12|-0.08 ; says подписать|-0.05|0.01 ; says подтвердить|-0.16|0.19 ; says пока|0.06|-0.10 ; says
показать|0.05|0.29 ; says половина|0.05|0.45 ; says получить|0.02|-0.07 ; says понравиться|0.09|-0.08 ; says
попросить|0.21|0.08 ; says после|0.39|0.20 ; says посмотреть|0.17|0.00 ; says посчитать|0.02|0.12 ; says
потом|-0.12|0.24 ; says почта|-0.06|0.19 ; says практика|0.05|0.03 ; says предложить|0.04|0.11 ; says
предоплата|0.31|0.07 ; says при|-0.10|-0.12 ; says приехать|-0.04|0.03 ; says прийти|0.21|-0.09 ; says
принять|-0.09|-0.02 ; says прислать|0.02|-0.07 ; says про|0.73|-0.24 ; says пробный|0.13|0.19 ; says
провести|-0.19|-0.26 ; says просить|0.17|0.06 ; says против|0.04|0.22 ; says прошлый|-0.05|0.12 ; says
р|-0.11|0.07 ; says работа|0.04|-0.02 ; says работать|0.17|-0.18 ; says раз|0.11|-0.44 ; says
разговор|0.09|-0.06 ; says ранний|-0.12|-0.00 ; says рассказать|0.35|0.13 ; says рассрочка|0.24|-0.07 ; says
ребенок|0.13|-0.26 ; says решать|-0.11|0.00 ; says решить|0.04|-0.04 ; says с|0.13|0.10 ; says сам|0.43|0.19 ;
says свой|0.09|0.14 ; says связь|-0.02|-0.03 ; says сдать|-0.08|-0.39 ; says сделка|0.31|0.12 ; says
сейчас|-0.28|-0.09 ; says сказать|-0.04|-0.31 ; says скидка|0.07|-0.02 ; says скинуть|-0.15|0.57 ; says
склад|0.09|0.00 ; says сколько|0.16|0.02 ; says смотреть|-0.09|-0.08 ; says смущать|0.14|0.14 ; says
снять|-0.05|0.00 ; says согласиться|0.12|0.07 ; says согласный|-0.03|0.12 ; says согласовать|-0.22|-0.01 ;
says созвон|0.02|0.06 ; says сообщить|-0.18|-0.00 ; says справка|0.08|0.00 ; says спрашивать|0.32|-0.08 ; says
спросить|0.43|-0.47 ; says срок|0.01|0.09 ; says ссылка|0.00|0.03 ; says ставка|0.02|-0.23 ; says
счет|0.08|0.03 ; says сын|0.17|-0.04 ; says так|0.43|-0.02 ; says там|0.28|-0.05 ; says телефон|0.16|-0.09 ;
says то|-0.30|-0.05 ; says тогда|0.04|0.03 ; says только|0.13|-0.14 ; says тот|-0.00|-0.00 ; says
три|0.03|0.10 ; says трубка|-0.17|-0.04 ; says тыс|0.05|0.03 ; says у|-0.02|0.15 ; says уже|0.36|-0.23 ; says
уйти|0.30|-0.40 ; says фото|-0.24|0.02 ; says хотеть|0.51|0.12 ; says цена|0.18|-0.05 ; says час|0.56|-0.22 ;
says чел|0.02|0.24 ; says человек|-0.56|-0.21 ; says чем|0.35|-0.11 ; says что|0.20|-0.30 ; says
школа|0.07|-0.16 ; says это|-0.11|0.04 ; says я|-0.27|0.02 ; sentences|0.90|0.26 ; share act|0.01|0.11 ; share
act_noun|-0.13|0.11 ; share agreed|-0.08|0.08 ; share arranged|-0.06|0.06 ; share backstory|-0.01|-0.01 ;
share client|0.04|-0.04 ; share closing|0.22|0.18 ; share deciding|-0.04|0.08 ; share delivering|-0.04|0.09 ;
share filler|-0.03|0.05 ; share generic|-0.59|-0.08 ; share internal|-0.19|0.00 ; share life|-0.09|-0.04 ;
share logistics|-0.02|0.10 ; share meta|-0.05|-0.04 ; share money|0.12|0.03 ; share no_talk|-0.19|-0.09 ;
share people|-0.02|-0.00 ; share stop|-0.52|0.02 ; share told|0.04|-0.01 ; share topic|0.57|0.16 ; share
wish|0.07|-0.08 ; stop|-0.36|0.23 ; times|-0.18|3.01 ; times with digits|0.37|0.87 ; told|0.34|-0.22 ; topic
|0.32|-0.12 ; topic ADJF|0.89|0.15 ; topic ADJS|0.07|-0.04 ; topic ADVB|-0.29|-0.13 ; topic COMP|0.07|-0.09 ;
topic INFN|0.26|-0.17 ; topic NOUN|2.72|0.18 ; topic PRTF|-0.17|-0.09 ; topic PRTS|-0.51|-0.25 ; topic
VERB|0.42|0.43 ; two times at once|0.03|0.91 ; unknown|0.71|-0.39 ; vague times|0.37|-0.62 ; wish|0.97|-0.41 ;
words|0.66|-0.37
""")
