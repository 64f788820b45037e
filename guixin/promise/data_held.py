"""What this package holds about customers: what was promised them, and how it was kept."""

from guixin.understand.data_held import belongs

CASE = "serve.case"

belongs("promise.Clock", by="case_id", to=CASE)
belongs("promise.Escalation", by="case_id", to=CASE)
belongs("promise.Extension", by="case_id", to=CASE)
belongs("promise.Pause", by="clock_id", to="promise.Clock")
