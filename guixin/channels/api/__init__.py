"""REST (docs/api.md): fetch through `visible_to`, call the same verb as the pages, answer.

door.py         who is calling, and what a key may be used for
transactions.py one transaction a request; the same key never does a thing twice
problems.py     every refusal as RFC 9457 problem details
answers.py      what may leave: each schema is an allow-list
the rest        the endpoints, by noun
"""
