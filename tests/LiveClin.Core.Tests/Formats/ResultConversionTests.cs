using LiveClin.Core.Answers;
using LiveClin.Core.Cases;
using LiveClin.Core.Formats;
using LiveClin.Core.Results;

namespace LiveClin.Core.Tests.Formats;

public class ResultConversionTests
{
    private static readonly Case One = new()
    {
        Ordinal = 0, Line = 1, Id = "7", FileName = "PMC7.json", Scenario = "s", Pmc = "7", Rarity = "2", Json = """{"Rarity": 2}""",
        Figures = [new Figure { Type = "CT Scan" }],
        Questions =
        [
            new Question { Index = 0, Text = "a", Options = [], Key = "A", Figures = [new Figure { Type = "MRI" }, new Figure()] },
            new Question { Index = 1, Text = "b", Options = [], Key = "B", Tables = [new Table { Type = "Lab" }] },
            new Question { Index = 2, Text = "c", Options = [], Key = "C", Figures = [new Figure { Type = "ECG" }] },
        ],
    };

    [Fact]
    public void A_failed_question_keeps_its_types_and_the_skipped_one_has_none()
    {
        var v1 = ResultConversion.ToV1(One,
        [
            Answer(1, Outcome.Failed) with { ErrorKind = "timeout", ErrorMessage = "no reply within 120 s" },
            Answer(0, Outcome.Correct) with { Letter = "A", Reply = "A" },
            Answer(2, Outcome.NotRun) with { ErrorKind = "skipped", ErrorMessage = "Skipped: prior question failed" },
        ]);
        Assert.Equal("2", v1.RarityJson);
        Assert.Equal(["CT Scan", "MRI"], v1.Mcqs[0].ImageTypes);
        Assert.Equal([(null, true), ("no reply within 120 s", false), ("Skipped: prior question failed", false)],
            v1.Mcqs.Select(m => (m.Error, m.IsCorrect)));
        Assert.Equal(["Lab"], v1.Mcqs[1].TableTypes);
        Assert.Empty(v1.Mcqs[2].ImageTypes);
    }

    [Fact]
    public void A_core_entry_of_a_filtered_question_names_the_filter()
    {
        var entry = ResultConversion.ToCore("m", Answer(0, Outcome.Filtered) with { ErrorMessage = "blocked" }, "p", ["a.png"]);
        Assert.Equal("content_filter: blocked", entry.ApiError);
        Assert.Null(entry.Response);
    }

    [Theory]
    [InlineData("A", "A", true, null, Outcome.Correct)]
    [InlineData("B", "B", false, null, Outcome.Wrong)]
    [InlineData("hm", null, false, null, Outcome.Unparsed)]
    [InlineData(null, null, false, "Skipped: prior question failed", Outcome.NotRun)]
    [InlineData(null, null, false, "Error code: 400 content_filter", Outcome.Filtered)]
    [InlineData(null, null, false, "timeout", Outcome.Failed)]
    public void Published_records_tell_the_outcome(string? response, string? letter, bool correct, string? error, Outcome expected) =>
        Assert.Equal(expected, ResultConversion.OutcomeOf(response, letter, correct, error));

    [Fact]
    public void Replies_are_trimmed_as_the_published_tools_do()
    {
        var answer = Answer(0, Outcome.Correct) with { Letter = "A", Reply = "\u001c\n \\boxed{A}\u0085\u3000" };
        Assert.Equal("\\boxed{A}", ResultConversion.ToV1(One, [answer]).Mcqs[0].Response);
        Assert.Equal("\\boxed{A}", ResultConversion.ToCore("m", answer, "p", []).Response);
    }

    [Theory]
    [InlineData("b...", null, Outcome.Unparsed, "B", true)] // only v1 takes such a line
    [InlineData("see A\nb . .", "A", Outcome.Wrong, "B", true)]
    [InlineData("b", "B", Outcome.Correct, "B", true)]
    [InlineData("\\boxed{C}\nb...", "C", Outcome.Wrong, "C", false)]
    [InlineData("b...", "D", Outcome.Wrong, "D", false)] // from an import: kept as recorded
    public void The_v1_file_has_what_the_v1_rule_finds_and_the_core_folder_what_core_finds(string reply, string? letter, Outcome outcome,
        string v1, bool correct)
    {
        var answer = Answer(1, outcome) with { Letter = letter, Reply = reply };
        var mcq = ResultConversion.ToV1(One, [answer]).Mcqs[1];
        Assert.Equal((v1, correct), (mcq.ExtractedAnswer, mcq.IsCorrect));
        var core = ResultConversion.ToCore("m", answer, "p", []);
        Assert.Equal((letter, outcome == Outcome.Correct), (core.ExtractedAnswer, core.IsCorrect));
    }

    [Fact]
    public void The_key_stands_in_the_v1_file_as_the_release_has_it()
    {
        var @case = One with { Json = """{"exam_creation": {"final_policy": {"mcqs": [{"correct_answer": "a"}, {"correct_answer": "B"}, {}]}}}""" };
        Assert.Equal(["a", "B", "C"], ResultConversion.ToV1(@case, []).Mcqs.Select(mcq => mcq.CorrectAnswer));
    }

    private static Answer Answer(int question, Outcome outcome) => new() { CaseOrdinal = 0, QuestionIndex = question, Outcome = outcome };
}
