"""The pages of the chambers' agents, below /agents/chambre/: their lists, the merchants that they register.

`takeover` is the merchant's own page, by the link of the letter.
"""
