"""What the handbook holds about customers: nothing of its own; it notes which articles met which cases."""

from guixin.understand.data_held import tells_nothing

tells_nothing("handbook.ArticleCase", "Which article helped with a case, or was written because of it.")
tells_nothing("handbook.ArticleVote", "Whether an article was right; a customer says it without being known.")
