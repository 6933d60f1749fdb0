"""What was decided, when, why and on what; and what enforcement must remember of a card.

`decision` and `action` are append-only but for an action's result. `violation` has one row from opening to
closing, and the database itself forbids a second open one of a rule on a card. A pass that changed nothing
leaves no trace there: the journal tells a story, and "nothing new" is not part of it.

A decision keeps the snapshot it was made on and names a policy, whose content is kept once a revision, so
that it can be judged again. Beside that the latest snapshot of every card is kept, for questions such as
"what if".
"""
