using LiveClin.Core.Formats;
using LiveClin.Core.Statistics;

namespace LiveClin.Core.Tests.Statistics;

public class V1AnalyzerTests
{
    [Fact]
    public void Slices_are_ordered_and_rounded_as_published()
    {
        var summary = V1Analyzer.Analyze(
        [
            Case("1", "\"Rare\"", "Chapter 2: B", "x", Mcq(0, true), Mcq(1, false) with { Error = "timeout" }),
            Case("2", "0", "Chapter 10: C", "y", Mcq(0, true) with { ImageTypes = ["CT", "CT Scan; MRI"] }),
            Case("3", "0", "Chapter 2: B", "z", Mcq(0, false), Mcq(1, false), Mcq(2, true)),
        ]);
        Assert.Equal(["0", "rare"], summary.ByRarity.Select(s => s.Name));
        Assert.Equal(["Chapter 2: B", "Chapter 10: C"], summary.ByChapter.Select(s => s.Name));
        Assert.Equal(["Chapter 10: C", "Chapter 2: B"], summary.BySubcategory.Select(s => s.Name));
        Assert.Equal(["z", "x"], summary.BySubcategory[1].Value.Select(s => s.Name));
        Assert.Equal(0.3333, summary.BySubcategory[1].Value[0].Value.QuestionAccuracy);
        Assert.Equal(["Q1", "Q2", "Q3"], summary.ByPosition.Select(s => s.Name));
        Assert.Equal(new V1Questions(2, 0, 1), summary.ByPosition[1].Value);
        Assert.Equal(("CT", 2), (summary.ByImageModality[0].Name, summary.ByImageModality[0].Value.Questions));
        Assert.Equal(new V1Block(3, 1, 6, 3), summary.Total);
    }

    [Fact]
    public void The_files_own_count_of_correct_questions_goes_first_as_published() =>
        Assert.Equal(5, V1Analyzer.Analyze([Case("1", "0", "c", "s", Mcq(0, true)) with { StatedCorrect = 5 }]).Total!.CorrectQuestions);

    [Fact]
    public void Without_cases_there_is_no_summary()
    {
        var summary = V1Analyzer.Analyze([]);
        Assert.Null(summary.Total);
        Assert.Equal("No results to summarize.\n", V1SummaryText.Render(new V1Meta { Model = "m", Dataset = "d" }, summary));
    }

    private static V1Case Case(string id, string rarity, string chapter, string subcategory, params V1Mcq[] mcqs) =>
        new() { CaseId = id, RarityJson = rarity, Level1 = chapter, Level2 = subcategory, Mcqs = [.. mcqs] };

    private static V1Mcq Mcq(int index, bool correct) => new() { Index = index, IsCorrect = correct, Stage = "Initial Assessment" };
}
