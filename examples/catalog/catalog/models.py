import datetime
import decimal
import enum

from sqlalchemy import CheckConstraint, DateTime, Enum, ForeignKey, Index, Numeric, String, Text, func
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class LoanState(enum.Enum):
    out = "out"
    returned = "returned"


class Publisher(Base):
    __tablename__ = "publishers"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))


class Author(Base):
    __tablename__ = "authors"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))


class Book(Base):
    __tablename__ = "books"
    __table_args__ = (
        CheckConstraint("price >= 0", name="books_price_positive"),
        CheckConstraint("pages > 0", name="books_pages_positive"),
        Index("ix_books_title", "title"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    author_id: Mapped[int] = mapped_column(ForeignKey("authors.id"))
    publisher_id: Mapped[int | None] = mapped_column(ForeignKey("publishers.id", name="books_publisher_id_fkey"))
    price: Mapped[decimal.Decimal] = mapped_column(Numeric(8, 2))
    pages: Mapped[int | None] = mapped_column(comment="without the cover")
    isbn: Mapped[str] = mapped_column(String(13))
    language: Mapped[str] = mapped_column(String(2), server_default="en")
    added_at: Mapped[datetime.datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())


class Member(Base):
    __tablename__ = "members"

    id: Mapped[int] = mapped_column(primary_key=True)
    full_name: Mapped[str] = mapped_column(String(120))
    email: Mapped[str] = mapped_column(String(200), unique=True)
    joined_on: Mapped[datetime.date]


class Loan(Base):
    __tablename__ = "loans"
    __table_args__ = (Index("ix_loans_due_on", "due_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    book_id: Mapped[int] = mapped_column(ForeignKey("books.id"))
    member_id: Mapped[int] = mapped_column(ForeignKey("members.id"))
    state: Mapped[LoanState] = mapped_column(Enum(LoanState, name="loan_state"))
    due_on: Mapped[datetime.date]
    reminded: Mapped[bool | None]


class Review(Base):
    __tablename__ = "reviews"

    id: Mapped[int] = mapped_column(primary_key=True)
    book_id: Mapped[int] = mapped_column(ForeignKey("books.id"), index=True)
    body: Mapped[str] = mapped_column(Text)
