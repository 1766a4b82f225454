using System.Globalization;

namespace LiveClin.Core.Simulated;

/// <summary>What a simulated examinee is truly worth on a release.</summary>
/// <param name="Examinee">The examinee.</param>
/// <param name="CorrectQuestions">Questions that it gets right.</param>
/// <param name="Questions">Questions of the release.</param>
/// <param name="CorrectCases">Cases of which it gets every question right.</param>
/// <param name="Cases">Cases of the release.</param>
public sealed record ExamineeTruth(Examinee Examinee, int CorrectQuestions, int Questions, int CorrectCases, int Cases)
{
    /// <summary>Its true question accuracy; NaN without questions.</summary>
    public double QuestionAccuracy => (double)CorrectQuestions / Questions;

    /// <summary>Its true case accuracy; NaN without cases.</summary>
    public double CaseAccuracy => (double)CorrectCases / Cases;

    /// <summary>One sentence: what it does, and what that is on this release.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"Simulated: {Examinee.Description}; true on this release: {Share(CorrectQuestions, Questions)} of the questions, {Share(CorrectCases, Cases)} of the cases.");

    private static string Share(int part, int whole) => whole == 0
        ? "0/0"
        : string.Create(CultureInfo.InvariantCulture, $"{part}/{whole} ({100.0 * part / whole:0.0} %)");
}
