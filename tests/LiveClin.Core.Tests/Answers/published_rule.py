"""The published rule of answer extraction, stated once more with Python's own regular expressions.

published_rule.py extract: reads JSON strings from stdin, one a line, and answers each with a line
  [[core letter, rule, start], [v1 letter, rule, start]]; start counts code points.
published_rule.py classes: a JSON object with the version of Unicode that this Python knows and, per pattern
  (under IGNORECASE), the ranges of code points that it matches.
"""
import json
import re
import sys
import unicodedata

BOXED = re.compile(r"\\boxed\{\s*(?P<letter>[A-J])\s*\}", re.IGNORECASE)
PHRASE = re.compile(r"(?:answer|option|choice|selected option)[-:is\s]*(?P<letter>[A-J])\b", re.IGNORECASE)
LINE = re.compile(r"(?P<letter>[A-J])[.)\s]*", re.IGNORECASE)
CAPITAL = re.compile(r"\b(?P<letter>[A-J])\b")

EVERY_CODE_POINT = "".join(map(chr, range(sys.maxunicode + 1)))


def last_line(reply, longest):
    end = len(reply)
    for line in reversed(reply.split("\n")):
        trimmed = line.strip()
        if LINE.fullmatch(trimmed) and (longest is None or len(trimmed) <= longest):
            return end - len(line.lstrip())
        end -= len(line) + 1
    return None


def extract(reply, longest):
    for name, pattern in (("Boxed", BOXED), ("Phrase", PHRASE)):
        if found := pattern.search(reply):
            return found["letter"].upper(), name, found.start("letter")
    if (start := last_line(reply, longest)) is not None:
        return reply[start].upper(), "Line", start
    if capitals := list(CAPITAL.finditer(reply)):
        return capitals[-1]["letter"], "Capital", capitals[-1].start()
    whole = reply.strip()
    if len(whole) == 1 and whole.upper() in list("ABCDEFGHIJ"):
        return whole.upper(), "Whole", reply.index(whole)
    return None, "None", -1


def ranges(pattern):
    """First and last code point of every run that matches."""
    runs = re.finditer(f"{pattern}+", EVERY_CODE_POINT, re.IGNORECASE)
    return [[run.start(), run.end() - 1] for run in runs]


if __name__ == "__main__":
    if sys.argv[1:] == ["classes"]:
        patterns = [r"\w", r"\s", "[A-J]", *"answeroptionchoiceboxed"]
        print(json.dumps({"unicode": unicodedata.unidata_version} | {pattern: ranges(pattern) for pattern in patterns}))
    elif sys.argv[1:] == ["extract"]:
        for line in sys.stdin:
            text = json.loads(line)
            print(json.dumps([extract(text, 3), extract(text, None)]))
    else:
        sys.exit(__doc__)
