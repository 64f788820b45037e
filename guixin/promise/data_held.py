"""What this package, and the organisation below it, hold about customers: what was promised them, how it was kept, and
what was decided and spent for them."""

from guixin.understand.data_held import belongs

CASE = "serve.case"

belongs("promise.Clock", by="case_id", to=CASE)
belongs("promise.Escalation", by="case_id", to=CASE)
belongs("promise.Extension", by="case_id", to=CASE)
belongs("promise.Pause", by="clock_id", to="promise.Clock")

belongs("promise.MessageReply", by="message_id", to="promise.PlanMessage")

# Found by the id of the case or of the customer, whichever is known.
for _model in ("organisation.Use", "promise.AuthorityRequest"):
    belongs(_model, by="case_id", to=CASE)
    belongs(_model, by="customer_id")
belongs("promise.AuthorityWord", by="request_id", to="promise.AuthorityRequest")
