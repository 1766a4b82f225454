using LiveClin.Core.Answers;
using LiveClin.Core.Results;
using LiveClin.Testing;

namespace LiveClin.Core.Tests.Results;

public class CaseAnswersTests
{
    [Fact]
    public async Task Answers_to_one_case_come_without_the_others()
    {
        using var folder = new TemporaryFolder();
        await SampleRuns.CreateStoreAsync(folder["s.db"],
            (SampleRuns.Run("r"),
            [SampleRuns.Answer(0, 0, Outcome.Wrong), SampleRuns.Answer(1, 1, Outcome.Correct), SampleRuns.Answer(1, 0, Outcome.Failed)]));
        await using var store = ResultStore.OpenReadOnly(folder["s.db"]);
        Assert.Equal([(0, Outcome.Failed), (1, Outcome.Correct)], store.GetAnswers("r", 1).Select(a => (a.QuestionIndex, a.Outcome)));
        Assert.Empty(store.GetAnswers("r", 2));
    }
}
