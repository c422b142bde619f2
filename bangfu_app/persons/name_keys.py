"""What makes two written names one: spaces, width, dots, script, homophones and the order of syllables (F1).

"张 伟", "张伟", "張偉", "Zhang Wei", "WEI ZHANG", "Zhāng Wěi", "章玮" → "wei zhang"
"""

import re
import unicodedata
from functools import lru_cache

KEY_LENGTH = 140  # of the Data field `name_key`
_SEPARATORS = re.compile(r"[\s·•・‧∙⋅•.,'’`\-_()]+")
_WORDS = re.compile(r"[^\W\d_]+|\d+")
_HAN = re.compile(r"[㐀-䶿一-鿿豈-﫿\U00020000-\U000323af]")
_CAMEL = re.compile(r"(?<=[a-zà-ÿā-ǜ])(?=[A-Z])")
# ü is written v; stripped of its marks it would become u
_UMLAUTS = str.maketrans(dict.fromkeys("üǖǘǚǜ", "v") | dict.fromkeys("ÜǕǗǙǛ", "V"))


@lru_cache(maxsize=8192)
def plain_name(name: str | None) -> str:
	"""The name without what a typist adds: "阿依古丽 · 买买提" → "阿依古丽买买提". Lower case, half width."""
	return _SEPARATORS.sub("", unicodedata.normalize("NFKC", name or "")).casefold()


@lru_cache(maxsize=8192)
def name_key(name: str | None) -> str:
	"""Syllables without tones in alphabetical order, so that exchanged ones fall together; "" for no name."""
	return " ".join(sorted(syllables(name)))[:KEY_LENGTH].rstrip()


@lru_cache(maxsize=8192)
def syllables(name: str | None) -> tuple[str, ...]:
	"""In the order of the name; each Chinese character is one, each Latin word is one."""
	text = unicodedata.normalize("NFKC", name or "").translate(_UMLAUTS)
	text = _HAN.sub(lambda found: f" {_reading(found[0])} ", _CAMEL.sub(" ", text))
	bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
	return tuple(_WORDS.findall(bare.casefold()))


@lru_cache(maxsize=8192)
def _reading(character: str) -> str:
	"""The commonest reading of a character by itself: a reading by context would change with the order."""
	from pypinyin import Style, lazy_pinyin  # its dictionary takes a moment to load

	return lazy_pinyin(character, style=Style.NORMAL)[0]
