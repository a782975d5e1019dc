"""The policy engine: what is asked, how it is asked, and the bundles it answers from; knows no PostgreSQL."""
