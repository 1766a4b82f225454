# Reads an answers table with R as anyone would, and prints what it found.
answers <- read.csv(commandArgs(trailingOnly = TRUE)[1], encoding = "UTF-8")
for (name in c("epoch", "case_ordinal", "position", "option_count", "correct", "input_tokens", "latency_ms", "attempts"))
  stopifnot(is.numeric(answers[[name]]))
cat("rows", nrow(answers), "\n")
for (model in sort(unique(answers$model))) {
  rows <- answers[answers$model == model, ]
  cat(model, "accuracy", round(mean(rows$correct, na.rm = TRUE), 6), "answered", sum(!is.na(rows$correct)), "tokens", sum(rows$input_tokens, na.rm = TRUE), "\n")
}
cat("latency", max(answers$latency_ms, na.rm = TRUE), "\n")
cat("completed", format(max(as.POSIXct(answers$completed_at, tz = "UTC", format = "%Y-%m-%dT%H:%M:%OSZ"), na.rm = TRUE), "%Y-%m-%dT%H:%M:%S"), "\n")
cat("reply", nchar(answers$reply[1]), "\n")
