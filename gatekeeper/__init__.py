"""A gatekeeper behind a Bitrix24 portal: reads a card once it has changed, judges it, says what is wrong.

An event marks a card dirty; the worker reads a Snapshot of it, judges it by pure Rules into a Verdict, plans
Actions and applies them. What the event was never matters, only what the card is now. Doing it twice writes
nothing.

The flow
    1  web         the portal's event: its token compared, its id taken        -> EntityRef
    2  inbox       the mark made durable, only then 200; a burst is one row
    3  worker      up to 50 refs claimed together under a lease                -> a wave
    4  portal      the wave read in shared batches under the portal's limit    -> Snapshots
    5  verdict     every rule asked                                            -> Verdict
    6  enforcement compared with the card and its history                      -> Actions, () if all is said
    7  journal     decided and remembered, before anything is written
    8  portal      applied; the inbox lets go, or keeps the ref for another look

The layers, each importing only what stands below it (setup.cfg, import contracts)
    cli, demo             the commands
    parts, web_parts, bootstrap, supervisor  Config -> working parts -> processes; nothing else builds its own
    worker, web           two processes that share nothing but the database; beside them reload, which
                          notices that their config has changed
    reconcile             the straight line from 4 to 8; beside it explain (a card's past in words), report
                          (the quality control's figures and lists), rejudge (which cards a changed policy
                          puts in question), readiness and doctor
    neighbours, related   what one card has to do with another
    journal, indexing     what is remembered; beside them standing, exemptions, and whatif (what a changed
                          config would do)
    portal                all that is said to the portal and heard from it
    metrics, logs, backup what an admin is told, and the database as one file
    enforcement           beside it inbox, contacts, heartbeat, config, migrations
    verdict, messages     beside them grace and the database
    rules, modes, history
    policy
    text, matching, mark, exemption
    errors, model         what everything speaks of
    sandbox               the stand-in portal, apart from all: it shares no code with what it tests
From enforcement down, what decides is pure: no I/O, no clock, no log.

The words
    Event        something changed at this EntityRef; nothing else in it is trusted
    EntityRef    kind and id, as in deal:41; the key of the inbox
    Inbox        the durable set of dirty EntityRefs: a set, so that a hundred events are one row
    Wave         refs claimed together and read with shared batches
    Snapshot     everything the rules may look at for one card, read at one moment
    Rule         a pure check of a snapshot; knows no other rule
    Violation    the rule's id and the facts found
    Verdict      all violations of one snapshot and, for a deal, its status
    Mode         off, observe, warn, revert: how far a violation may go
    Action       one write to the portal, as data
    Enforcement  the verdict, the card and its history -> actions
    Outcome      Done, RetryAt, GivenUp: what the inbox does with the ref
    Breaker      stops all moves back after too many at once
    Notice       what a person is told beside the card, a wish until it is sent
    Journal      the decisions, the violations opened and closed, the memory of each card
    Grace        how long after it is found a violation is only told of, with its time
    Exemption    a violation let be, with reason, author and last day
    Policy       the admin's rules, frozen; its revision stands beside every decision
    Portal       the Bitrix24 behind the webhook's URL
    Sandbox      our stand-in for it
"""
