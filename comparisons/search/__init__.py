"""What a reader's few words lead to: one ranked list, and an answer above it.

``words`` takes texts apart, ``kinds`` lists what is found and which of its fields
weigh how much, ``index`` has the database find rows by their words, ``names`` knows
what things are called and how that is mistyped, ``results`` ranks, and ``answers``
says at once what a query asks for: two frameworks, a feature, both.

The database finds, Python ranks. Triggers keep the words of every row in the
writer's transaction, in FTS5 on SQLite and as tsvectors on PostgreSQL, so nothing
has to be built, and a page of few rows stays quick among a million. Whatever is found
passes ``published()`` before it counts: the words of a draft lead nowhere.

django-modelsearch was weighed and left: it corrects typing errors on PostgreSQL
alone, follows signals, which ``update()`` and SQL do not send, and knows no door
to what is published.
"""
