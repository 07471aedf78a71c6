"""The Dutch stemmer of Snowball (M. Porter), as Elasticsearch 8 and 9 have it; tantivy ships another one (Kraaij and Pohlmann).

Written after the published description of the algorithm. `R1` and `R2` are its regions: what follows the first, and the second,
consonant after a vowel.
"""

_VOWELS = frozenset("aeiouyè")
_ACCENTS = str.maketrans("äëïöüáéíóú", "aeiouaeiou")


def _mark_consonants(word: str) -> str:
    """y at the start or after a vowel, and i between vowels, are consonants: written in capitals while the rules run."""
    letters = list(word)
    for at, letter in enumerate(letters):
        before = letters[at - 1] if at else ""
        if letter == "y" and (not at or before in _VOWELS):
            letters[at] = "Y"
        elif letter == "i" and before in _VOWELS and at + 1 < len(letters) and letters[at + 1] in _VOWELS:
            letters[at] = "I"
    return "".join(letters)


def _region(word: str, start: int) -> int:
    for at in range(start + 1, len(word)):
        if word[at] not in _VOWELS and word[at - 1] in _VOWELS:
            return at + 1
    return len(word)


class _Stemmer:
    """One word on its way through the four steps."""

    def __init__(self, word: str) -> None:
        self.word = word
        first = _region(word, 0)
        self.r1 = max(first, 3)
        self.r2 = _region(word, first)
        self.e_removed = False

    def _ends(self, suffix: str, region: int) -> bool:
        return self.word.endswith(suffix) and len(self.word) - len(suffix) >= region

    def _cut(self, letters: int) -> None:
        self.word = self.word[:-letters]

    def _undouble(self) -> None:
        if self.word.endswith(("kk", "dd", "tt")):
            self._cut(1)

    def _remove_en(self, suffix: str) -> None:
        stem = self.word[: -len(suffix)]
        if len(stem) >= self.r1 and stem and stem[-1] not in _VOWELS and not stem.endswith("gem"):
            self.word = stem
            self._undouble()

    def plural(self) -> None:
        if self.word.endswith("heden"):
            if len(self.word) - 5 >= self.r1:
                self.word = self.word[:-5] + "heid"
            return
        for suffix in ("ene", "en"):
            if self.word.endswith(suffix):
                self._remove_en(suffix)
                return
        for suffix in ("se", "s"):
            if self.word.endswith(suffix):
                stem = self.word[: -len(suffix)]
                if len(stem) >= self.r1 and stem and stem[-1] not in _VOWELS and stem[-1] != "j":
                    self.word = stem
                return

    def final_e(self) -> None:
        self.e_removed = False
        if self._ends("e", self.r1) and len(self.word) > 1 and self.word[-2] not in _VOWELS:
            self._cut(1)
            self.e_removed = True
            self._undouble()

    def heid(self) -> None:
        if self._ends("heid", self.r2) and not self.word.endswith("cheid"):
            self._cut(4)
            if self.word.endswith("en"):
                self._remove_en("en")

    def _remove_ig(self) -> bool:
        if self._ends("ig", self.r2) and not self.word.endswith("eig"):
            self._cut(2)
            return True
        return False

    def derivation(self) -> None:
        if self.word.endswith(("end", "ing")):
            if len(self.word) - 3 >= self.r2:
                self._cut(3)
                if not self._remove_ig():
                    self._undouble()
        elif self.word.endswith("ig"):
            self._remove_ig()
        elif self.word.endswith("lijk"):
            if self._ends("lijk", self.r2):
                self._cut(4)
                self.final_e()
        elif self.word.endswith("baar"):
            if self._ends("baar", self.r2):
                self._cut(4)
        elif self._ends("bar", self.r2) and self.e_removed:
            self._cut(3)

    def short_vowel(self) -> None:
        if len(self.word) < 4:
            return
        before, pair, last = self.word[-4], self.word[-3:-1], self.word[-1]
        if pair in {"aa", "ee", "oo", "uu"} and before not in _VOWELS and last not in _VOWELS and last != "I":
            self.word = self.word[:-2] + last


def stem_dutch(word: str) -> str:
    """The stem of a lowercase Dutch word ("vergunningen" → "vergun")."""
    stemmer = _Stemmer(_mark_consonants(word.translate(_ACCENTS)))
    stemmer.plural()
    stemmer.final_e()
    stemmer.heid()
    stemmer.derivation()
    stemmer.short_vowel()
    return stemmer.word.lower()
