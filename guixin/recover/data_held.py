"""What recover holds about customers: what was planned, said and given to make them whole."""

from guixin.understand.data_held import belongs

belongs("recover.Recovery", by="case_id", to="serve.Case")
belongs("recover.RecoveryStep", by="recovery_id", to="recover.Recovery")
belongs("recover.SkippedJustice", by="recovery_id", to="recover.Recovery")
