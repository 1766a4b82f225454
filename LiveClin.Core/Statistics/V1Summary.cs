using System.Collections.Immutable;

namespace LiveClin.Core.Statistics;

/// <summary>The published v1 statistics over one results file; ratios are rounded to four digits as Python does.</summary>
public sealed record V1Summary
{
    /// <summary>Cases and questions in all; null when the file has no cases.</summary>
    public required V1Block? Total { get; init; }

    /// <summary>By rarity in lower case, sorted by name.</summary>
    public ImmutableArray<V1Slice<V1Block>> ByRarity { get; init; } = [];

    /// <summary>By ICD-10 chapter, most questions first.</summary>
    public ImmutableArray<V1Slice<V1Block>> ByChapter { get; init; } = [];

    /// <summary>Subcategories by chapter; chapters sorted by name, subcategories with most questions first.</summary>
    public ImmutableArray<V1Slice<ImmutableArray<V1Slice<V1Block>>>> BySubcategory { get; init; } = [];

    /// <summary>By class of stage, in the published order.</summary>
    public ImmutableArray<V1Slice<V1Questions>> ByStage { get; init; } = [];

    /// <summary>By position in the case: Q1, Q2, ….</summary>
    public ImmutableArray<V1Slice<V1Questions>> ByPosition { get; init; } = [];

    /// <summary>By image modality, most questions first.</summary>
    public ImmutableArray<V1Slice<V1Questions>> ByImageModality { get; init; } = [];

    /// <summary>By table modality, most questions first.</summary>
    public ImmutableArray<V1Slice<V1Questions>> ByTableModality { get; init; } = [];
}

/// <summary>A named part of a v1 summary.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its numbers.</param>
public sealed record V1Slice<T>(string Name, T Value);

/// <summary>Counts of cases and questions with their accuracies.</summary>
/// <param name="Cases">Cases.</param>
/// <param name="CorrectCases">Of these, with every question correct.</param>
/// <param name="Questions">Questions.</param>
/// <param name="CorrectQuestions">Of these, correct.</param>
public sealed record V1Block(int Cases, int CorrectCases, int Questions, int CorrectQuestions)
{
    /// <summary>Share of cases correct, four digits.</summary>
    public double CaseAccuracy => V1Analyzer.Ratio(CorrectCases, Cases);

    /// <summary>Share of questions correct, four digits.</summary>
    public double QuestionAccuracy => V1Analyzer.Ratio(CorrectQuestions, Questions);
}

/// <summary>Counts of questions with their accuracy.</summary>
/// <param name="Questions">Questions.</param>
/// <param name="CorrectQuestions">Of these, correct.</param>
/// <param name="Errors">Of these, with an error instead of a reply.</param>
public sealed record V1Questions(int Questions, int CorrectQuestions, int Errors)
{
    /// <summary>Share of questions correct, four digits.</summary>
    public double QuestionAccuracy => V1Analyzer.Ratio(CorrectQuestions, Questions);

    /// <summary>Share of questions with an error, four digits.</summary>
    public double ErrorRate => V1Analyzer.Ratio(Errors, Questions);
}
