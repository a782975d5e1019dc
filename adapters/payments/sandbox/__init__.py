"""The payment provider of development and tests: real HTTP and real books, but no real money.

It stands outside our transactional world on purpose and shares nothing with it but the API.
"""
