using System.Globalization;
using LiveClin.Core.Conditions;
using LiveClin.Core.Costs;
using LiveClin.Core.Prompts;
using LiveClin.Core.Releases;
using LiveClin.Core.Results;
using LiveClin.Evaluator.Costs;

namespace LiveClin.Evaluator.Runs;

/// <summary>
/// What a plan would take when no request is repeated. Text is counted by <see cref="TokenCounter"/>, images by
/// <see cref="ImageTokens"/>.
/// </summary>
/// <param name="Requests">Requests: one for each question without a reply.</param>
/// <param name="InputTokens">Prompt tokens, histories included.</param>
/// <param name="RepeatedInputTokens">Those of them that the request before in the same conversation had sent already.</param>
/// <param name="OutputTokens">Reply tokens, reasoning included.</param>
internal sealed record RunEstimate(int Requests, long InputTokens, long RepeatedInputTokens, long OutputTokens)
{
    /// <summary>Length of a reply in tokens where the store has none of the model.</summary>
    public const int AssumedReplyTokens = 300;

    // Conversations of a release are much alike: of many, some tell enough.
    private const int MostCounted = 100;

    // A header ends long before, also behind a camera's notes and preview.
    private const int HeaderBytes = 256 << 10;

    /// <summary>Prompt tokens of images.</summary>
    public long ImageTokens { get; init; }

    /// <summary>The estimate for a plan.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="store">Knows how long the model's replies were so far.</param>
    /// <param name="replyTokens">Length of a reply in tokens; null for that of the stored ones, else the assumed one.</param>
    public static RunEstimate Of(RunPlan plan, ResultStore store, int? replyTokens = null)
    {
        if (plan.Open.IsEmpty) return new RunEstimate(0, 0, 0, 0);
        // Who says how long replies are means what is paid for: what is longer than usual is thought and not said.
        var reply = replyTokens is { } given ? new ReplyLength(given, Math.Min(given, AssumedReplyTokens))
            : store.MeanReply(plan.Run.Specification.ApiId) ?? new ReplyLength(AssumedReplyTokens, AssumedReplyTokens);
        var count = Math.Min(MostCounted, plan.Open.Length);
        var counter = new Counter(plan, reply);
        for (var i = 0; i < count; i++) counter.Add(plan.Open[(int)((long)i * plan.Open.Length / count)]);
        return counter.ScaledTo(plan.QuestionsToAsk);
    }

    /// <summary>This and the other one.</summary>
    public RunEstimate Plus(RunEstimate other) => new(
        Requests + other.Requests, InputTokens + other.InputTokens, RepeatedInputTokens + other.RepeatedInputTokens,
        OutputTokens + other.OutputTokens)
    {
        ImageTokens = ImageTokens + other.ImageTokens,
    };

    /// <summary>What it costs at a price where no cache serves anything.</summary>
    public double CostAt(Price price) => price.CostOf(InputTokens, 0, OutputTokens);

    /// <summary>What it costs at a price where a cache serves everything that is repeated.</summary>
    public double CachedCostAt(Price price) => price.CostOf(InputTokens, RepeatedInputTokens, OutputTokens);

    /// <summary>
    /// <c>46 requests, about 120,000 prompt tokens (9,000 of them images, 80,000 repeat the turns before), about 13,800 reply tokens</c>,
    /// and what that costs.
    /// </summary>
    /// <param name="price">The price; null for none.</param>
    public string Describe(Price? price) => string.Create(CultureInfo.InvariantCulture,
        $"{Requests:N0} request{(Requests == 1 ? "" : "s")}, about {InputTokens:N0} prompt tokens "
        + $"({ImageTokens:N0} of them images, {RepeatedInputTokens:N0} repeat the turns before), about {OutputTokens:N0} reply tokens{CostText(price)}");

    /// <summary><c>0.41 to 0.62 USD</c>: with everything repeated from a cache, and with nothing.</summary>
    public string CostRange(Price price) => MoneyText.Range(CachedCostAt(price), CostAt(price), price.Currency);

    private string CostText(Price? price) => price is null ? "" : $", about {CostRange(price)}";

    // Adds up some conversations of a plan.
    private sealed class Counter(RunPlan plan, ReplyLength reply)
    {
        private readonly TokenCounter _text = TokenCounter.Get();
        private readonly ImageTokens _images = Costs.ImageTokens.For(plan.Run.Specification.ApiId);
        private readonly Dictionary<string, PixelSize?> _sizes = new(StringComparer.Ordinal);
        private int _requests;
        private double _sent, _repeated, _pictures;

        public void Add(PlannedConversation conversation)
        {
            var asked = plan.Asked[conversation.Case];
            var (before, picturesBefore) = (0.0, 0.0); // tokens of the messages so far
            foreach (var turn in asked.Turns)
            {
                var pictures = turn.Prompt.Images.Sum(image => _images.Of(SizeOf(image)));
                var prompt = TokenCounter.PerMessage + _text.Count(turn.Prompt.Text) + pictures;
                if (asked.IsApart) (before, picturesBefore) = (0, 0);
                if (plan.Standing(conversation, turn.Question) is null)
                {
                    _requests++;
                    _sent += before + prompt;
                    _repeated += before;
                    _pictures += picturesBefore + pictures;
                }

                // What a model thinks is not sent again.
                before += prompt + TokenCounter.PerMessage + (turn.ForcedReply is { } forced ? _text.Count(forced) : reply.Said);
                picturesBefore += pictures;
            }
        }

        public RunEstimate ScaledTo(int questions)
        {
            var scale = (double)questions / _requests;
            return new RunEstimate(questions, (long)(_sent * scale), (long)(_repeated * scale), (long)(questions * reply.Whole))
            {
                ImageTokens = (long)(_pictures * scale),
            };
        }

        private PixelSize? SizeOf(PromptImage image)
        {
            if (image.Path is not { } path) return null;
            if (_sizes.TryGetValue(path, out var known)) return known;
            return _sizes[path] = ReadSize(path);
        }

        private static PixelSize? ReadSize(string path)
        {
            try
            {
                using var file = RegularFile.OpenRead(path);
                var head = new byte[(int)Math.Min(HeaderBytes, file.Length)];
                return PixelSize.Read(head.AsSpan(0, file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)));
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                return null; // it is said when the image is to be sent
            }
        }
    }
}
