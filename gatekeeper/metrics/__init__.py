"""What Prometheus is told: figures of the shared database, read when asked, and counts that outlive restarts.

Web and workers are processes apart, perhaps on machines apart, and share the database and nothing else. So a
`Meter` counts in memory and puts its counts into the table `tally` after every wave; whichever web process is
asked adds up what all have put there (ADR 0014). Labels are rules, methods, codes and the like: never a
reference, an address or anything that a person typed.
"""
