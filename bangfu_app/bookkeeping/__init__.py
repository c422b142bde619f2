"""What is donated, given out and paid, in the books of ERPNext (domain §7).

The only part of the app that knows ERPNext; hooks.py alone leads here. Without ERPNext everything here stands still.
"""
