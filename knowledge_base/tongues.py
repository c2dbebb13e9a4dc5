"""Notice that a message is written in another language of the covered regions, by its small words."""

from __future__ import annotations

import re
from collections import Counter

LONGEST = 2000  # characters
LEAST = 3  # telling words; two are enough where there are no more than four words

# Small words of each language; what several share, or English has too, tells nothing and is taken out below.
_SMALL = {
    "en": "the a an of and to in is it we our for on with that this have are be not you i my us at as do"
    " can need want what how who why when would could like help grant money people business from or"
    " but about there if so me he she they was were has had will just get some any no yes all more new"
    " out up man den her dem over under after",
    "sv": "och att det som på är av för med till inte om ett har de jag vi vårt vår våra oss kan vill"
    " behöver söker hur var vad när eller men mitt min mina ni du hej företag bidrag pengar hjälp"
    " anställda skulle från också någon något finns måste tack",
    "da": "og at det som på er af for med til ikke om et har de jeg vi vores os kan vil skal brug søger"
    " hvordan hvor hvad hvornår eller men mit min mine hej virksomhed tilskud penge hjælp ansatte"
    " ville fra også nogen noget findes har tak ønsker mangler gerne",
    "de": "und der die das ist nicht ein eine einen wir ich uns unser unsere für mit auf zu von im den dem"
    " des brauchen brauche suchen möchten möchte wollen können wie was wo wann oder aber mein meine"
    " hallo firma unternehmen förderung geld hilfe mitarbeiter haben sind auch bitte danke gibt es",
    "pl": "i w na z do się nie to że jest dla o po od za jak co gdzie kiedy lub ale mój moja moje nasz"
    " nasza nasze mamy jestem jesteśmy potrzebujemy potrzebuję szukamy szukam chcemy chcę dzień dobry"
    " firma firmę firmy dotacja dotacji dotację pieniądze pieniędzy pomoc pomocy pracowników prosimy"
    " proszę są także",
    "hu": "a az és hogy nem egy van mi mit hol mikor vagy de is meg ez azt ki kell szeretnénk szeretnék"
    " keresünk keresek cégünk cég vállalkozás vállalkozásunk támogatás támogatást pénz segítség"
    " segítséget alkalmazott vagyunk vagyok nálunk nekünk jó napot kérem köszönöm lehet hogyan"
    " szükségünk szükségem",
    "cy": "a y yr yn i o ac ar am eich ein ni fi chi mae rydym rydw rwyf ydy ydym nid ddim oes sut beth ble"
    " pryd neu ond fy angen eisiau hoffwn hoffem chwilio busnes cwmni grant arian cymorth help"
    " gweithwyr staff gyda wedi bod gan i'r o'r a'r helo diolch shwmae bore oddi wrth",
}


def _telling() -> dict[str, frozenset[str]]:
    words = {language: set(small.split()) for language, small in _SMALL.items()}
    shared = Counter(word for small in words.values() for word in small)
    # Swedish and Danish share much; what both have still tells the two apart from the rest.
    nordic = words["sv"] & words["da"]
    own = {
        language: frozenset(w for w in small if shared[w] == 1 or (w in nordic and shared[w] == 2))
        for language, small in words.items()
    }
    return own | {"en": frozenset(words["en"])}


_OWN = _telling()


def other_language(text: str) -> str | None:
    """Return the code of the language a message is written in, where it is surely not English; else None.

    Of its small words there must be a few, and more than of English; a name or a place in another language
    is not enough.
    """
    words = re.findall(r"[^\W\d_]+(?:['’][^\W\d_]+)?", text[:LONGEST].casefold())
    count = {language: sum(word in own for word in words) for language, own in _OWN.items()}
    english = count.pop("en")
    best = max(count, key=lambda language: (count[language], language))
    least = LEAST if len(words) > LEAST + 1 else LEAST - 1
    if count[best] < least or count[best] <= english or count[best] * 6 < len(words):
        return None
    ties = [language for language in count if count[language] == count[best]]
    return best if len(ties) == 1 else min(ties)
