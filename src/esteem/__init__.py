"""Esteem: run and evaluate a place's mental health and wellbeing strategy."""

__version__ = "0.1.0"
