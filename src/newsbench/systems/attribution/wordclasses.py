"""Word classes by list and ending, without a tagger: what is finite, what is an adverb."""

from __future__ import annotations

from collections.abc import Sequence

from newsbench.systems.attribution.lexicon import lexicon
from newsbench.systems.attribution.sentences import Token


def word_set(text: str) -> frozenset[str]:
    """Return the words of a text that white space parts."""
    return frozenset(text.split())


PRONOUNS = word_set("he she they it we i you who one nobody everyone somebody someone everybody")
OBJECT_PRONOUNS = word_set("him her them us me you it himself herself themselves this that")
DETERMINERS = word_set(
    """
    the a an this that these those his her their its our my your some any each every no several many few most
    all both another other such two three four five six seven eight nine ten
    """
)
POSSESSIVES = word_set("his her their its our my your 's '")
PREPOSITIONS = word_set(
    """
    of in on at for from with by to about against between among under over after before during since until
    within without near toward towards as into onto through across per despite upon regarding concerning
    around behind beyond above below off out along inside outside amid following like than via
    """
)
COORDINATORS = word_set("and or but nor yet")
SUBORDINATORS = word_set(
    """
    that which who whom whose whether if because while when where as although though since than how why what
    so once until unless whereas after before
    """
)
AUXILIARIES = word_set(
    """
    is are was were be been being am has have had having do does did will would can could may might must shall
    should 'll 'd 've 're 's 'm isn't aren't wasn't weren't hasn't haven't hadn't don't doesn't didn't won't
    wouldn't can't couldn't ca wo cannot shouldn't
    """
)
BE = word_set("is are was were be been being am 's 're 'm get got gets")
HAVE = word_set("has have had having 've 's 'd")
MODALS = word_set("will would can could may might must shall should 'll 'd")
NEGATIONS = word_set("not n't never neither nor hardly cannot")
ADVERBS = word_set(
    """
    also then still already just even again later earlier now repeatedly once only first too often always soon
    further ever long both rather quite so merely simply instead nevertheless however yesterday today
    """
)
TIMES = word_set(
    """
    monday tuesday wednesday thursday friday saturday sunday yesterday today tonight tomorrow january february
    march april may june july august september october november december earlier later recently ago week month
    year morning afternoon evening night noon midnight
    """
)
# Frequent verbs that report nothing: they show that a stretch is a clause.
_PLAIN_VERBS = word_set(
    """
    went came took made gave got left became kept held brought ran fell rose led met paid sent set sat spent
    stood lost won began built bought broke caught chose drew drove grew hit let put rang rode sold shot
    taught threw wore has had was were is are did does do goes comes takes makes gives gets leaves becomes
    keeps holds brings runs falls rises leads meets needs lives works remains seems appears means costs stands
    lies sees saw heard knows knew
    """
)
# Nouns that close a phrase such as "her own information".
STATEMENTS = word_set("information words account accounts data calculations estimates")
_NOT_VERBS = word_set("need bed red hundred kindred sacred naked speed feed seed breed united indeed")


def is_word(token: Token) -> bool:
    """Tell whether a token is a word or number."""
    return token.kind == "word"


def is_adverb(token: Token) -> bool:
    """Tell whether a token is an adverb, by a list and its ending."""
    return token.lower in ADVERBS or (token.lower.endswith("ly") and len(token.lower) > 4 and token.text[:1].islower())


def is_finite(sentence: Sequence[Token], at: int) -> bool:
    """Tell whether a token looks like a finite verb or auxiliary."""
    token = sentence[at]
    if token.kind != "word":
        return False
    if token.lower == "'s":
        # "It's", "he's"; after a noun it is a possessive.
        return at > 0 and sentence[at - 1].lower in PRONOUNS | {"that", "there", "what", "here"}
    if token.lower in AUXILIARIES or token.lower in _PLAIN_VERBS or token.lower == "n't":
        return True
    if token.text[:1].isupper() or token.lower in _NOT_VERBS:
        return False
    if lexicon().lemmas(token.lower, "past", "s"):
        described = at and sentence[at - 1].lower.endswith(("est", "ary", "ous", "ial", "nal", "ent"))
        return not (described or (at and sentence[at - 1].lower in DETERMINERS | PREPOSITIONS))
    before = sentence[at - 1].lower if at else ""
    return token.lower.endswith("ed") and len(token.lower) > 4 and before not in DETERMINERS | PREPOSITIONS | BE


def has_finite(sentence: Sequence[Token], start: int, end: int) -> bool:
    """Tell whether a stretch holds a finite verb."""
    return any(is_finite(sentence, at) for at in range(start, end))
