"""The procedure: workflow, queue, corrections, decisions, timeline."""
