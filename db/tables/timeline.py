"""Notes on other nouns; the text itself is in the vault."""

from uuid import UUID

from sqlalchemy import Index

from db.tables.columns import Noun, head, one_of, words


class Note(Noun, table=True):
    __tablename__ = "note"
    __table_args__ = (
        head("note"),
        one_of("visibility", ("platform", "parties")),
        Index("note_subject_ix", "organization", "subject", "created_at", "id"),
        {
            "info": {
                "makers": ("author",),
                "frozen": ("subject_noun", "subject", "visibility", "author", "counterparty"),
                "reads": "note",
            }
        },
    )

    subject_noun: str = words()
    subject: UUID
    visibility: str = words()
    author: UUID
