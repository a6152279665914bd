"""Invented people: record-level extracts for a place, made so that the measures counted from them lie near the published figures.

Nobody in them exists. What is real: codes and names of areas, residents by age, sex, ethnic group and small area, and the published figures
in `targets.csv` that set volumes, waits and mixes. What is made up: people, providers, everything that happens. Chance comes from a seed.
"""
