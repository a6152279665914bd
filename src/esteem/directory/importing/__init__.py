"""Services from elsewhere: Open Referral UK feeds (versions 3 and 1), HSDS files and folders, the CSV or XLSX template.

Each reader gives `Service` values that carry where they came from; `actions/receiving.py` puts them beside what is kept. A reader never
writes, and a file with one wrong row gives nothing but the list of what is wrong.
"""
