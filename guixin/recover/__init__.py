"""Making a customer whole: the plan of recovery, what was given for it, and whether it worked."""
