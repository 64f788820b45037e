"""When X happens, then Y: every cross-package consequence, readable from top to bottom."""

from guixin.ledger import when
from guixin.promise import events as promise
from guixin.serve import escalating, following_up, intake, promises
from guixin.serve import events as serve

# A promise nears its end, runs out, climbs: the rows people list show how high.
when(promise.ClockBreached, then=[promises.show_level])
when(promise.ClockEscalated, then=[promises.show_level])

# Deadlines moved: the queues sort by the new ones.
when(promise.ClockStopped, then=[promises.refresh_deadlines])
when(promise.ClockVoided, then=[promises.refresh_deadlines])
when(promise.ClockPaused, then=[promises.refresh_deadlines])
when(promise.ClockResumed, then=[promises.refresh_deadlines])
when(promise.ClockMoved, then=[promises.refresh_deadlines])

# An authority acted: its own promise to act is kept, or was late.
when(promise.EscalationActed, then=[escalating.stop_acting])

# The same complaint again goes to the next authority at once.
when(serve.CaseOpened, then=[intake.link_repeats])

# Closed is not the end: the system has the customer asked.
when(serve.CaseClosed, then=[following_up.schedule])
