using System.Security.Cryptography;
using System.Text;
using LiveClin.Core.Text;

namespace LiveClin.Core.Reviews;

/// <summary>What one reviewer says of one question. Nothing of it changes the published score.</summary>
/// <param name="Topic">What was asked.</param>
/// <param name="CaseOrdinal">Zero-based position of the case in its release.</param>
/// <param name="QuestionIndex">Zero-based position of the question in its case.</param>
/// <param name="Holds">True when the question (key, missing letter) stands as it is.</param>
/// <param name="By">Who says so.</param>
/// <param name="At">When.</param>
public sealed record Verdict(ReviewTopic Topic, int CaseOrdinal, int QuestionIndex, bool Holds, string By, DateTimeOffset At)
{
    /// <summary>Longest name of a reviewer.</summary>
    public const int LongestName = 100;

    /// <summary>A text that is the same for the same verdicts alone.</summary>
    public static string VersionOf(IEnumerable<Verdict> verdicts) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', verdicts))));

    /// <summary>True for a name that a reviewer may have.</summary>
    public static bool IsName(string by) =>
        NameRule.IsValid(by, LongestName) && by.Trim() == by;
}
