"""When X happens, then Y: every cross-package consequence, readable from top to bottom."""
