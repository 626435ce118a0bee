"""A session of SQLModel stores what its begin() block holds, and else nothing."""

from sqlmodel import Field, Session, SQLModel, create_engine, select


class Note(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    text: str


engine = create_engine("sqlite://")
SQLModel.metadata.create_all(engine)


def stored():
    with Session(engine) as session:
        return [note.text for note in session.exec(select(Note))]


with Session(engine) as session:
    session.add(Note(text="left without a commit"))
    session.flush()

assert stored() == []

with Session(engine) as session, session.begin():
    session.add(Note(text="kept"))

assert stored() == ["kept"]
