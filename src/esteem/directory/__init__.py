"""Find help: the place's directory of services and community assets. Open Referral UK 3.0 in and out; crisis first.

`record.py` holds what a listing is; `actions.py` are the only writers and `queries.py` the only readers of the store; everything else
works on records and knows no database.
"""
