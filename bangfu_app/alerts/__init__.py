"""Alerts (I13, I14, D12): rules that are data find whom to look after, each with an owner, a clock, a timeline, an end.

signals.py says who shows a signal, raising.py makes one alert of one cause, finding.py runs all rules, clock.py
minds the hours.
"""
