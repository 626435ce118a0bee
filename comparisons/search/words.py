"""Texts as searching sees them: without case, accents and endings."""

import re
import string
import unicodedata
from functools import lru_cache

from django.utils.html import escape, format_html, format_html_join
from snowballstemmer import stemmer

WORD = re.compile(r"[^\W_]+")
# As it stands in a text: “don't” is one.
WRITTEN = re.compile(r"[^\W_]+(?:['’ʼ][^\W_]+)*")
# Only Latin letters lose their marks: и and й are two letters. The same as in SQL.
MARKS = re.compile(r"(?<=[a-z])[\u0300-\u036f]+")
APOSTROPHES = "'’ʼ"
# What is typed for a sign where Unicode knows no simpler one, or SQLite does not.
_LETTERS = {
    **{"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d"},
    **{"þ": "th", "ħ": "h", "ŧ": "t", "ŋ": "n"},
}
SIGNS = {
    **dict.fromkeys(APOSTROPHES, ""),
    **_LETTERS,
    **{letter.upper(): plain for letter, plain in _LETTERS.items() if letter != "ß"},
    **{"ẞ": "ss", "ı": "i", "ς": "σ"},
    **{sign: f" {unicodedata.normalize('NFKC', sign)}" for sign in "½⅓⅔¼¾⅛⅜⅝⅞"},
    **{sign: unicodedata.normalize("NFKC", sign) for sign in "¹²³™ﬀﬁﬂﬃﬄ"},
}
_FOLDED = str.maketrans(SIGNS)
_APART = str.maketrans(dict.fromkeys(APOSTROPHES, " "))
# Faster than taking the words out of a long text.
SPACES = dict.fromkeys(
    map(ord, string.punctuation + string.whitespace + "“”‘’–—…·"), " "
)
SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
LONGEST_SENTENCE = 240
# A shorter beginning is that of too many words.
SHORTEST_STEM = 4
# What a question has around its words; looked for only if there is nothing else.
STOP_WORDS = frozenset(
    WORD.findall(
        "a about am an and any are as at be best better between by can choose compare "
        "compared comparison could difference do does for framework frameworks from "
        "get good has have how i in is it its me more my need of on or our over python "
        "should so some support supported supports than that the their there to use "
        "used uses using versus vs want was we what when where which who why will with "
        "work works would you your"
    )
)


def fold(text):
    """Return ``text`` without case, accents and apostrophes: Straße as strasse."""
    if text.isascii():
        return text.replace("'", "").lower()
    text = text.translate(_FOLDED).casefold()
    plain = MARKS.sub("", unicodedata.normalize("NFKD", text))
    return unicodedata.normalize("NFC", plain)


def words(text):
    """Return the folded words of ``text`` in their order."""
    return WORD.findall(fold(text))


def spaced(text):
    """Return the folded ``text`` with a space before and after each word.

    What stands around an apostrophe follows once more as two: “l'ORM”.
    """
    folded = fold(text)
    if any(sign in text for sign in APOSTROPHES):
        folded += f" {fold(text.translate(_APART))}"
    return f" {folded.translate(SPACES)} "


@lru_cache(maxsize=10_000)
def stem(word):
    """Return the beginning that ``word`` shares with its other forms."""
    # A stemmer keeps state, so no two threads share one.
    root = stemmer("english").stemWord(word)
    return root if len(root) >= SHORTEST_STEM and word.startswith(root) else word


def closeness(stems, name):
    """Return how much of the words ``name`` begins with ``stems``, and of those is met.

    0 to 1. ``stems`` are a tuple, one for each word of a query.
    """
    begun = [word for word in name if word.startswith(stems)]
    if not begun:
        return 0
    met = sum(any(word.startswith(stem) for word in begun) for stem in stems)
    return len(begun) / len(name) * met / len(stems)


def best_sentence(texts, beginnings):
    """Return the sentence of ``texts`` with most of ``beginnings``, the first of such.

    As safe HTML that marks the words; cut around them if it is long.
    """
    sentences = [s for text in texts for s in SENTENCE_END.split(text.strip()) if s]
    if not sentences:
        return ""
    best = max(sentences, key=lambda sentence: _number_found(sentence, beginnings))
    return marked(_cut(best, beginnings), beginnings)


def marked(text, beginnings):
    """Return ``text`` as safe HTML, its words that begin so in ``<mark>``."""
    beginnings = tuple(beginnings)
    text = unicodedata.normalize("NFC", text)
    parts, end = [], 0
    for match in WRITTEN.finditer(text):
        if fold(match[0]).startswith(beginnings):
            mark = format_html("<mark>{}</mark>", match[0])
            parts += [escape(text[end : match.start()]), mark]
            end = match.end()
    return format_html_join("", "{}", ((part,) for part in (*parts, text[end:])))


def _number_found(sentence, beginnings):
    own = words(sentence)
    return sum(any(word.startswith(b) for word in own) for b in beginnings)


def _cut(sentence, beginnings):
    if len(sentence) <= LONGEST_SENTENCE:
        return sentence
    found = (
        m.start()
        for m in WORD.finditer(sentence)
        if fold(m[0]).startswith(tuple(beginnings))
    )
    start = max(0, next(found, 0) - LONGEST_SENTENCE // 3)
    start = sentence.rfind(" ", 0, start) + 1
    cut = sentence[start : start + LONGEST_SENTENCE]
    if start + LONGEST_SENTENCE < len(sentence):
        cut = f"{cut.rpartition(' ')[0]} …"
    return f"… {cut}" if start else cut
