"""Reads an answers table with pandas as anyone would, and prints what it found."""
import sys

import pandas

path = sys.argv[1]
answers = pandas.read_csv(path) if path.endswith(".csv") else pandas.read_json(path, lines=True)
for name in ["epoch", "case_ordinal", "position", "option_count", "correct", "input_tokens", "latency_ms", "attempts"]:
    assert pandas.api.types.is_numeric_dtype(answers[name]), (name, answers[name].dtype)
print("rows", len(answers))
for model, rows in answers.groupby("model"):
    print(model, "accuracy", round(rows.correct.mean(), 6), "answered", int(rows.correct.count()), "tokens", int(rows.input_tokens.sum()))
print("latency", answers.latency_ms.max())
print("completed", pandas.to_datetime(answers.completed_at, utc=True).max().isoformat())
print("outcomes", answers.outcome.value_counts().sort_index().to_dict())
print("reply", repr(answers.reply[0]))
