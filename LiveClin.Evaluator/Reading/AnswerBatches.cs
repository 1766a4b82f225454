using Grpc.Core;
using LiveClin.Core.Results;

namespace LiveClin.Evaluator.Reading;

/// <summary>Sends answers in messages of moderate size: hundreds of short ones together, a very long one alone.</summary>
internal sealed class AnswerBatches(IServerStreamWriter<V1.StreamAnswersResponse> stream, bool withTexts)
{
    private const int LargestCount = 256;
    private const int LargestTexts = 512 << 10;
    private V1.StreamAnswersResponse _batch = new();
    private int _texts;

    public async Task AddAsync(string runId, Answer answer, CancellationToken cancellationToken)
    {
        var texts = withTexts ? (answer.Reply?.Length ?? 0) + (answer.Reasoning?.Length ?? 0) : 0;
        if (_batch.Answers.Count == LargestCount || (_batch.Answers.Count > 0 && _texts + texts > LargestTexts))
            await FlushAsync(caughtUp: false, cancellationToken);
        _batch.Answers.Add(answer.ToMessage(runId, withTexts));
        _texts += texts;
    }

    /// <summary>Sends what there is; nothing when there is nothing to say.</summary>
    public async Task FlushAsync(bool caughtUp, CancellationToken cancellationToken)
    {
        if (_batch.Answers.Count == 0 && !caughtUp) return;
        _batch.CaughtUp = caughtUp;
        await stream.WriteAsync(_batch, cancellationToken);
        (_batch, _texts) = (new V1.StreamAnswersResponse(), 0);
    }
}
