"""English words, and the Russian ones whose place they take (see `english`)."""

from __future__ import annotations


def _pairs(text: str) -> dict[str, str]:
    return dict(pair.split("=") for pair in text.split())


DROPPED = frozenset(
    [
        "a",
        "an",
        "the",
        "is",
        "are",
        "was",
        "were",
        "be",
        "been",
        "being",
        "am",
        "do",
        "does",
        "did",
        "done",
        "has",
        "have",
        "had",
        "having",
        "will",
        "would",
        "shall",
        "ll",
        "should",
        "could",
        "s",
        "t",
        "re",
        "ve",
        "d",
        "of",
    ]
)

# Tense and person are told by the ending: «books», «booked», «will book».
VERBS = _pairs("""
agree=договориться accept=согласиться book=забронировать schedule=назначить appoint=назначить
arrange=назначить confirm=подтвердить sign=подписать pay=оплатить transfer=перевести approve=утвердить
order=заказать buy=купить purchase=купить choose=выбрать select=выбрать pick=забрать collect=забрать
take=взять bring=привезти send=отправить email=выслать mail=выслать forward=переслать deliver=доставить
ship=отгрузить issue=оформить submit=оформить apply=подать fill=заполнить install=установить
replace=заменить fix=починить repair=починить patch=исправить solve=устранить resolve=устранить
refund=возместить return=вернуть reserve=забронировать register=записаться enroll=записаться
enrol=записаться start=начать begin=начать launch=запустить visit=приехать come=прийти arrive=приехать
drop=заехать meet=встретиться call=позвонить phone=позвонить ring=позвонить dial=набрать contact=связаться
reply=ответить answer=ответить respond=ответить write=написать text=написать message=написать
check=проверить compare=сравнивать calculate=посчитать prepare=подготовить make=сделать decide=решить
think=думать consider=думать discuss=обсудить talk=поговорить speak=поговорить chat=пообщаться
tell=сказать say=сказать ask=спросить inquire=спросить enquire=спросить explain=объяснить
describe=рассказать show=показать present=презентовать clarify=уточнить want=хотеть need=нужный
wish=хотеть like=нравиться look=искать search=искать seek=искать plan=планировать promise=обещать
offer=предложить suggest=предложить propose=предложить recommend=рекомендовать request=попросить
wait=ждать await=ждать expect=ждать refuse=отказаться decline=отказаться reject=отказаться
cancel=отменить close=закрыть lose=проиграть postpone=перенести reschedule=перенести move=перенести
change=поменять switch=поменять update=актуализировать work=работать help=помочь go=пойти leave=оставить
keep=держать hold=держать finish=закончить complain=пожаловаться worry=переживать fear=бояться
doubt=сомневаться hate=возмущаться dislike=возмущаться prefer=выбирать hesitate=сомневаться
hope=надеяться know=знать understand=понять receive=получить get=получить give=дать provide=предоставить
handle=отработать satisfy=удовлетворить hang=бросить test=проверить see=посмотреть view=посмотреть
try=попробовать join=подключиться connect=подключить settle=согласовать finalise=согласовать
finalize=согласовать apologise=извиниться apologize=извиниться compensate=возместить clean=почистить
let=сообщить inform=проинформировать notify=уведомить remind=напомнить follow=вести stay=оставаться
feel=чувствовать enjoy=нравиться thank=благодарить create=заполнить assign=переназначить
measure=замерить attach=прикрепить sell=продать own=иметь live=жить study=учиться use=пользоваться
withdraw=отказаться convince=убедить happen=случиться run=вести own=иметь
""")

IRREGULAR = _pairs("""
paid=pay bought=buy chose=choose chosen=choose took=take taken=take brought=bring sent=send began=begin
begun=begin came=come met=meet rang=ring wrote=write written=write made=make thought=think spoke=speak
spoken=speak told=tell said=say lost=lose went=go gone=go left=leave kept=keep held=hold knew=know
understood=understand got=get gotten=get gave=give given=give hung=hang saw=see seen=see felt=feel
sold=sell withdrew=withdraw withdrawn=withdraw sought=seek children=child men=man women=woman
feet=foot teeth=tooth wives=wife ran=run
""")

# Words that are not inflected, or whose forms are all listed.
ALIKE = _pairs("""
i=я we=мы me=я us=мы you=ты your=твой he=он she=она they=они it=он him=он her=она them=они my=мой our=наш
his=его their=их who=кто whom=кто myself=сам himself=сам herself=сам themselves=сам this=этот that=что
these=этот those=тот which=который what=что how=как why=почему where=где
and=и but=но or=или because=так so=так as=как than=чем if=если when=когда while=пока whether=ли
in=в on=на at=в with=с for=для from=от by=к about=о into=в over=по under=под between=между to=к up=по
off=от out=из after=после before=до until=до till=до through=через per=за without=без
not=не no=не nor=ни never=не nobody=никто nothing=ничего none=ничего yes=да ok=ок okay=ок
also=тоже too=тоже very=очень much=много many=много lot=много more=еще less=меньше most=очень just=просто
only=только already=уже still=еще yet=еще now=сейчас then=потом there=там here=здесь again=снова
back=обратно later=позже soon=скоро once=раз twice=раз first=первый second=второй third=третий last=последний
next=следующий other=другой another=другой same=тот each=каждый every=каждый all=весь everything=весь
any=любой some=некий few=несколько several=несколько both=оба one=один two=два three=три four=четыре
five=пять six=шесть ten=десять time=время times=раз day=день days=день week=неделя weeks=неделя
month=месяц months=месяц year=год years=год hour=час hours=час minute=минута minutes=минута morning=утро
evening=вечер today=сегодня person=человек people=люди guy=человек man=мужчина woman=женщина thing=дело
things=дело way=образ part=часть can=мочь may=мочь might=мочь must=надо
meeting=встреча meetings=встреча appointment=запись demo=демо viewing=просмотр inspection=осмотр
survey=замер payment=оплата payments=оплата prepayment=предоплата deposit=аванс advance=аванс
instalment=взнос installment=взнос instalments=взнос installments=взнос invoice=счет contract=договор
agreement=договор receipt=чек quote=расчет quotation=расчет estimate=смета proposal=предложение price=цена
prices=цена cost=стоимость costs=стоимость budget=бюджет discount=скидка expensive=дорогой cheap=дешевый
cheaper=дешевый money=деньги cash=наличные delivery=доставка trial=пробный consultation=консультация
lesson=урок decision=решение refusal=отказ complaint=жалоба complaints=жалоба claim=претензия
problem=проблема problems=проблема question=вопрос questions=вопрос information=информация info=информация
detail=подробность details=подробность client=клиент clients=клиент customer=клиент customers=клиент
buyer=покупатель manager=менеджер director=директор wife=жена husband=муж mother=мама mom=мама mum=мама
father=папа dad=папа son=сын daughter=дочь child=ребенок kids=ребенок children=ребенок parents=родители
brother=брат sister=сестра friend=друг boss=шеф accountant=бухгалтер lawyer=юрист engineer=инженер
technician=мастер secretary=секретарь assistant=помощник colleague=коллега colleagues=коллега office=офис
documents=документ document=документ docs=документ passport=паспорт application=заявка form=анкета
policy=полис deal=сделка task=задача ticket=заявка comment=комментарий conversation=разговор
discussion=обсуждение dialogue=диалог voicemail=автоответчик line=линия number=номер busy=занятый
unavailable=недоступный unreachable=недоступный reachable=связь unanswered=недозвон missed=недозвон
silent=молчать silence=тишина interested=заинтересованный interesting=интересный interest=интерес
great=отличный good=хороший nice=приятный fine=нормальный positive=позитивный productive=продуктивный
pleasant=приятный polite=вежливый friendly=дружелюбный happy=довольный satisfied=довольный glad=рад
unhappy=недовольный ready=готовый mood=настроение touch=связь feedback=отзыв warm=теплый excellent=отличный
wonderful=прекрасный full=полный useful=полезный important=важный successful=успешный
against=против afraid=бояться scared=бояться worried=переживать concerned=переживать sceptical=скептик
skeptical=скептик upset=недовольный angry=недовольный responsible=ответственный pipeline=воронка
status=статус card=карточка stage=стадия funnel=воронка objection=возражение objections=возражение
duplicate=дубль competitor=конкурент competitors=конкурент needs=потребность issue=проблема issues=проблема
result=результат results=результат situation=ситуация relationship=отношение contact=контакт
cooperation=сотрудничество interaction=взаимодействие service=услуга services=услуга product=товар
company=компания plus=плюс test=тест lorem=lorem ipsum=ipsum dolor=dolor sit=sit amet=amet
probably=наверное maybe=наверное really=очень please=спасибо thanks=спасибо hello=привет hi=привет
request=запрос phone=телефон email=почта reply=ответ answer=ответ message=сообщение offer=предложение
details=подробность noon=полдень together=вместе
available=доступный free=бесплатно sure=уверенный new=новый old=старый long=длинный short=короткий
lead=лид whatsapp=ватсап telegram=телеграм
""")
