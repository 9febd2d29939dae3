"""The report of understanding, from the messages (held_out) over judgements (measuring) and figures to the pages.

nlu/report.py puts the parts together; tests/nlu/test_floors.py uses the same ones.
"""
