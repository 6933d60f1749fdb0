"""A stand-in for a Bitrix24 portal, over real HTTP, to test clients against and to practise on.

It imports nothing of gatekeeper: what the portal does is written down here a second time, so that one
mistake cannot hide in both. This module imports nothing at all, since pytest loads it with the plugin in
every run.

    testing     the portal in a test's hands; `pytest_plugin` makes fixtures of it, `listener` collects events
    cli         the command; its options and the plugin's are those of `options`
    server      a portal put together and served; `http` sockets and threads -> WSGI
    app         WSGI -> REST hits, the control API, the pages
    rest        one REST hit: limiter, method, webhook, scope, handler, envelope
    batch       the commands of a batch and their references
    methods/    one module a family of methods; dialects between the wire and the cards
    cards       what happens to a deal, a contact or a lead; `timeline` and `activities` hang on them
    store       SQLite
    events      outgoing webhooks, by a thread of their own

The pages and the control API call `cards`, `timeline` and `activities` just as the methods do.
"""
