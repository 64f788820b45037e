"""What this package holds about customers: what our people were told of their cases.

Mail and calls on their way (`Outgoing`) carry ids alone. Lines of a file that could not be taken in
(`ImportedLine`) are nobody's yet: no column says whose they would have been.
"""

from guixin.understand.data_held import belongs

belongs("channels.Notice", by="case_id", to="serve.Case")
