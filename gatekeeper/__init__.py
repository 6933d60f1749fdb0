"""A gatekeeper behind a Bitrix24 portal: reads a card once it has changed, judges it, says what is wrong.

An event marks a card dirty; the worker reads a Snapshot of it, judges it by pure Rules into a Verdict, plans
Actions and applies them. What the event was never matters, only what the card is now. Doing it twice writes
nothing.

One event, eight steps, and the room of each
    1  hear     web          the token is compared, the id taken; nothing else is trusted  -> EntityRef
    2  keep     store        the mark is durable before the answer 200; a burst is one row
    3  take     worker       50 refs claimed together under a lease                        -> a wave
    4  read     portal       the wave in shared batches, within the portal's limit         -> Snapshots
    5  judge    judge        every rule is asked                                           -> Verdict
    6  decide   enforcement  compared with the card and its history                        -> Plan
    7  word     messages     what the note, the notice, the digest say
    8  write    portal       recorded in the journal first, then applied

The rooms: the folder answers the first question one asks of a line. A room imports those below it only; two
on one floor (web and worker, doctor and review, portal and store) do not know each other. setup.cfg holds the
contracts. A * marks a pure room: no I/O, no clock, no log.
    cli             a command
    app             config in, running processes out
    web             a request: the portal's events, health, status, metrics
    worker          a loop: waves of cards, the sweep, the audit, telling people beside the card
    doctor          an answer to "why does it not work?"
    review          an answer about the past, or about a changed config: explain, replay, whatif
    report          an answer to quality control about a period
    metrics         a count
    portal          talk with the portal: how a hit is made, what its answers mean
    store           a row: one module a table; the journal
    config          a key of the config
    enforcement *   a decision: what to write, whether a deal goes back, when to look again
    messages *      a sentence
    judge *         a judgement: the policy, the rules, comments, who is the same person
    model *         a value that everything else speaks of
Beside it, importing nothing of it: bitrix24_sandbox, the stand-in portal.

The words
    Event        something changed at this EntityRef; nothing else in it is trusted
    EntityRef    kind and id, as in deal:41; the key of the inbox
    Inbox        the durable set of dirty EntityRefs: a set, so that a hundred events are one row
    Wave         refs claimed together and read with shared batches
    Snapshot     everything the rules may look at for one card, read at one moment
    Unread       a part of a card that could not be read: never empty, never an accusation
    Rule         a pure check of a snapshot; knows no other rule
    Violation    the rule's id and the facts found
    Verdict      all violations of one snapshot and, for a deal, its status
    Mode         off, observe, warn, revert: how far a violation may go
    Action       one write to the portal, as data
    Enforcement  the verdict, the card and its history -> actions
    Outcome      Done, RetryAt, GivenUp: what the inbox does with the ref
    Breaker      stops all moves back after too many at once
    Outbox       wishes to tell a person something, kept until sent
    Visit        when a card was looked at, and when it will be again without an event
    Sweep        the periodic pass that marks what no event told of
    Journal      the decisions, the violations opened and closed, the memory of each card
    Grace        how long after it is found a violation is only announced, with its deadline
    Exemption    a violation let be, with reason, author and last day
    Policy       the admin's rules, frozen; its revision stands beside every decision
    Portal       the Bitrix24 behind the webhook's URL
    Sandbox      our stand-in for it
"""
