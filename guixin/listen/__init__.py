"""What customers say of us: questionnaires, waves, answers, and what they add up to."""
