"""What listen holds about customers: what they were asked and what they answered, unless the wave was anonymous."""

from guixin.understand.data_held import belongs, tells_nothing

belongs("listen.Invitation", by="customer_id", without=["token_hash"])
belongs("listen.Response", by="customer_id", without=["key"])
belongs("listen.Answer", by="response_id", to="listen.Response")
belongs("listen.PriceRefusal", by="response_id", to="listen.Response")
tells_nothing("listen.ThemedAnswer", "What an answer that is handed out is about, as we group it.")
tells_nothing(
    "listen.Theme", "What many answers are about; the typical one is handed out to whoever gave it."
)
