namespace LiveClin.Evaluator.Imports;

/// <summary>Uploaded results cannot be taken; the message says which file and what is wrong. Nothing was stored.</summary>
internal sealed class UploadException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>How much one upload may be.</summary>
/// <param name="Bytes">Bytes received.</param>
/// <param name="Unpacked">Bytes once unpacked.</param>
/// <param name="CaseFile">Bytes of one case file, or of one file in an archive.</param>
/// <param name="Files">Files once unpacked.</param>
internal sealed record UploadLimits(long Bytes = 256 << 20, long Unpacked = 1 << 30, int Files = 20_000, long CaseFile = 64 << 20);
