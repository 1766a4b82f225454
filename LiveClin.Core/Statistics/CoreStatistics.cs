using System.Collections.Immutable;

namespace LiveClin.Core.Statistics;

/// <summary>The published core statistics over a folder of evaluated case files; every number equals the published tool's.</summary>
public sealed record CoreStatistics
{
    /// <summary>The folder, as given.</summary>
    public required string FolderPath { get; init; }

    /// <summary>Models that were left out, sorted.</summary>
    public required ImmutableArray<string> IgnoredModels { get; init; }

    /// <summary>Case files that count.</summary>
    public int TotalFiles { get; init; }

    /// <summary>Sum of the models' question counts divided by the number of models, rounded down.</summary>
    public long TotalQuestions { get; init; }

    /// <summary>The models, best question accuracy first, ties in order of first appearance.</summary>
    public ImmutableArray<ModelScore> Models { get; init; } = [];

    /// <summary>The cases, lowest average accuracy first, ties in order of file names.</summary>
    public ImmutableArray<CaseScore> Cases { get; init; } = [];

    /// <summary>How the case averages spread, from 80 %–100 % down.</summary>
    public ImmutableArray<AccuracyBand> Distribution { get; init; } = [];

    /// <summary>Up to five cases of lowest average, hardest first.</summary>
    public ImmutableArray<CaseScore> Hardest { get; init; } = [];

    /// <summary>Up to five cases of highest average, easiest first.</summary>
    public ImmutableArray<CaseScore> Easiest { get; init; } = [];

    /// <summary>How well cases tell models apart; null when no file counts.</summary>
    public DiscriminationSummary? Discrimination { get; init; }

    /// <summary>Mean of the case averages (0 to 1).</summary>
    public double OverallCaseAverageAccuracy { get; init; }

    /// <summary>Mean of the models' case accuracies (0 to 1).</summary>
    public double AverageModelCaseAccuracy { get; init; }

    /// <summary>Scores by rarity, in order of first appearance; 0 and 1 are one cluster.</summary>
    public ImmutableArray<RarityCluster> RarityClusters { get; init; } = [];

    /// <summary>Files that were left out and why.</summary>
    public ImmutableArray<FileProblem> Problems { get; init; } = [];
}

/// <summary>A model's published core scores.</summary>
/// <param name="Model">Its <c>model_id</c>.</param>
/// <param name="TotalQuestions">Questions with an entry.</param>
/// <param name="CorrectQuestions">Of these, correct.</param>
/// <param name="TotalCases">Cases with an entry.</param>
/// <param name="CorrectCases">Of these, with every question correct.</param>
public sealed record ModelScore(string Model, int TotalQuestions, int CorrectQuestions, int TotalCases, int CorrectCases)
{
    /// <summary>Share of questions correct (0 to 1).</summary>
    public double QuestionAccuracy => TotalQuestions > 0 ? (double)CorrectQuestions / TotalQuestions : 0;

    /// <summary>Share of cases correct (0 to 1).</summary>
    public double CaseAccuracy => TotalCases > 0 ? (double)CorrectCases / TotalCases : 0;
}

/// <summary>A case's scores.</summary>
/// <param name="FileName">Its file.</param>
/// <param name="Rarity">Its rarity as text.</param>
/// <param name="ScenarioPreview">The scenario's first 100 characters followed by three dots; empty without a scenario.</param>
/// <param name="Models">The models, in order of first appearance in the file.</param>
/// <param name="AverageAccuracy">Mean of their accuracies; 0 without models.</param>
/// <param name="Discrimination">How far the models' accuracies lie apart.</param>
public sealed record CaseScore(
    string FileName, string Rarity, string ScenarioPreview, ImmutableArray<CaseModelScore> Models, double AverageAccuracy,
    CaseDiscrimination Discrimination);

/// <summary>A model's score on one case.</summary>
/// <param name="Model">Its <c>model_id</c>.</param>
/// <param name="Correct">Questions correct.</param>
/// <param name="Total">Questions with an entry of the model.</param>
public sealed record CaseModelScore(string Model, int Correct, int Total)
{
    /// <summary>Share correct (0 to 1).</summary>
    public double Accuracy => (double)Correct / Total;
}

/// <summary>Spread of the models' accuracies on one case; all zero with fewer than two models.</summary>
/// <param name="StandardDeviation">Population standard deviation.</param>
/// <param name="Range">Largest minus smallest.</param>
/// <param name="Iqr">Interquartile range.</param>
/// <param name="Cv">Coefficient of variation.</param>
/// <param name="Score">0.4·min(sd/0.5, 1) + 0.3·min(range, 1) + 0.3·min(iqr/0.5, 1).</param>
/// <param name="ModelCount">Number of models.</param>
public sealed record CaseDiscrimination(double StandardDeviation, double Range, double Iqr, double Cv, double Score, int ModelCount);

/// <summary>Discrimination over all cases.</summary>
/// <param name="AverageStandardDeviation">Mean of the standard deviations.</param>
/// <param name="AverageIqr">Mean of the interquartile ranges.</param>
/// <param name="AverageCv">Mean of the coefficients of variation.</param>
/// <param name="High">Cases with a score over 0.7.</param>
/// <param name="Medium">Cases with a score over 0.3, up to 0.7.</param>
/// <param name="Low">The other cases.</param>
/// <param name="Top">The five cases of highest score.</param>
public sealed record DiscriminationSummary(
    double AverageStandardDeviation, double AverageIqr, double AverageCv, int High, int Medium, int Low, ImmutableArray<CaseScore> Top);

/// <summary>Cases whose average accuracy lies in a band.</summary>
/// <param name="Label">The band, for example <c>60%-80%</c>.</param>
/// <param name="Count">Cases in it.</param>
/// <param name="Percentage">Their share, in percent.</param>
/// <param name="CumulativeCount">Cases in it and the bands above.</param>
/// <param name="CumulativePercentage">Their share, in percent.</param>
public sealed record AccuracyBand(string Label, int Count, double Percentage, int CumulativeCount, double CumulativePercentage);

/// <summary>Scores of the cases of one rarity.</summary>
/// <param name="Rarity">The rarity; <c>0&amp;1</c> for both.</param>
/// <param name="CaseCount">Its cases.</param>
/// <param name="Models">The models, in order of first appearance in the cluster.</param>
public sealed record RarityCluster(string Rarity, int CaseCount, ImmutableArray<ModelScore> Models);

/// <summary>A file that does not count, and why.</summary>
/// <param name="FileName">The file.</param>
/// <param name="Message">The reason, in words.</param>
/// <param name="Broken">
/// True when the file cannot be read; false when it misses a reply, which the published tool treats as a data error.
/// </param>
public sealed record FileProblem(string FileName, string Message, bool Broken);
