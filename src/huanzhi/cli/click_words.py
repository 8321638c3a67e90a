"""Click's own words in the reader's language: usage, options, and what it says of a wrong call.

Click asks :mod:`gettext` for each sentence, but a catalogue of its own could only be a compiled file; so its
modules are given a look-up in our messages instead. A sentence is found by its words: ``Missing argument``
is ``click.missing_argument``. One that is not there stays English.
"""

from __future__ import annotations

import re

from click import core, decorators, exceptions, formatting, parser, types

from huanzhi.messages import catalogue, language

_MODULES = (core, decorators, exceptions, formatting, parser, types)


def translate_click() -> None:
    """Let Click speak the reader's language from now on."""
    for module in _MODULES:
        for name, look_up in (("_", in_words), ("ngettext", in_words_by_number)):
            if hasattr(module, name):
                setattr(module, name, look_up)


def in_words(sentence: str) -> str:
    """Return a sentence of Click's in the reader's language, its placeholders unfilled."""
    slug = "_".join(re.findall(r"[a-z]+", sentence.lower()))
    texts = catalogue().get(f"click.{slug}")
    return sentence if texts is None else texts[language()]


def in_words_by_number(one: str, many: str, number: int) -> str:
    """Return the one of two sentences that fits `number`, in the reader's language."""
    return in_words(one if number == 1 or language() == "zh" else many)
