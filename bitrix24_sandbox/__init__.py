"""A stand-in for a Bitrix24 portal, over real HTTP, to prove the product against and to practise on.

It imports nothing from the rest of the package: what the portal does is written down here a second time,
so that one mistake cannot hide in both.

    server      sockets and threads -> WSGI
    app         WSGI -> REST hits, the control API, the pages
    hit         one REST hit: limiter, method, webhook, scope, handler, envelope
    batch       the commands of a batch and their references
    methods/    one module a family of methods; dialects between the wire and the cards
    cards       what happens to a deal, a contact or a lead; `timeline` and `activities` hang on them
    store       SQLite
    events      outgoing webhooks, by a thread of their own

The pages and the control API call `cards`, `timeline` and `activities` just as the methods do.
"""
