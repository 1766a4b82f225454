using System.Collections.Concurrent;
using System.Collections.Immutable;
using LiveClin.AppHost.Dashboard;

namespace LiveClin.AppHost.Sweep;

/// <summary>Shows how far a model is: as its resource's state, in the pages of the sweep and of its run, and on the console.</summary>
internal sealed class ModelRunPublisher(ResourceNotificationService notifications, SweepNews news, StatsPages pages, TimeProvider time)
{
    private static readonly TimeSpan StateInterval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan NewsInterval = TimeSpan.FromSeconds(10);
    private readonly ConcurrentDictionary<ModelRun, Said> _said = [];

    /// <summary>A step of the way. The baselines' are no news: they have no server, and take a moment.</summary>
    public async Task StateAsync(ModelRun run, string state)
    {
        SweepLog.ModelState(run.Server is ModelServers.BaselineModel ? news.PageOf(run) : news.Of(run), run.Title, state);
        await PublishAsync(run, state, KnownResourceStateStyles.Info);
    }

    /// <summary>What a run will ask: on its page, as the console has had it of all models before the first began.</summary>
    public async Task EstimateAsync(ModelRun run, string estimate)
    {
        SweepLog.ModelState(news.PageOf(run), run.Title, estimate);
        await PublishAsync(run, estimate, KnownResourceStateStyles.Info);
    }

    /// <summary>Progress; published twice a second at most, and news every ten seconds.</summary>
    public async Task ProgressAsync(ModelRun run)
    {
        var now = time.GetUtcNow();
        var said = _said.GetOrAdd(run, _ => new Said { News = now });
        SayVision(run);
        // That a run waits for something, or no longer, is told at once, as nothing else may come for long; but what comes and goes is not.
        var isTurn = said.IsHeld != run.Progress.HasNote && now - said.Turn >= NewsInterval;
        if (now - said.State < StateInterval && !isTurn) return;
        if (isTurn) (said.IsHeld, said.Turn) = (run.Progress.HasNote, now);
        var text = SweepText.Progress(run.Progress);
        if (now - said.News >= NewsInterval || isTurn)
        {
            SweepLog.ModelState(news.Of(run), run.Title, text);
            said.News = now;
        }

        said.State = now;
        await PublishAsync(run, text, KnownResourceStateStyles.Info);
    }

    /// <summary>The end.</summary>
    public async Task EndAsync(ModelRun run)
    {
        _said.TryRemove(run, out _);
        SayVision(run);
        // Of those that wait for their turn when all is stopped there is nothing to say, and built-in ones take a moment: the summary has
        // them.
        var isNoNews = run is { State: ModelRunState.Stopped, Run: null } or { State: ModelRunState.Completed,
            Server: ModelServers.BaselineModel };
        var listeners = isNoNews ? news.PageOf(run) : news.Of(run);
        if (run.State == ModelRunState.Failed) SweepLog.ModelFailed(listeners, run.Title, SweepText.Line(run));
        else SweepLog.ModelState(listeners, run.Title, SweepText.Line(run));
        await PublishEndAsync(run);
    }

    /// <summary>
    /// The end of all runs of a model: what its resource shows from then on is what went wrong, else its published score.
    /// </summary>
    public Task EndAsync(IReadOnlyList<ModelRun> runs) => PublishEndAsync(
        runs.FirstOrDefault(run => run.State != ModelRunState.Completed) ?? runs.FirstOrDefault(run => run.Condition == ModelRun.Published)
            ?? runs[^1]);

    private Task PublishEndAsync(ModelRun run)
    {
        var (state, style) = run.State switch
        {
            ModelRunState.Completed =>
                (SweepText.FinishedState(run), run.IsAnswered ? KnownResourceStateStyles.Success : KnownResourceStateStyles.Warn),
            ModelRunState.Stopped => ("Stopped", KnownResourceStateStyles.Warn),
            _ => (SweepText.FailedState(run.Failure), KnownResourceStateStyles.Error),
        };
        return PublishAsync(run, state, style);
    }

    private void SayVision(ModelRun run)
    {
        if (run.Vision is not { } vision || run.Resource.IsVisionSaid) return;
        run.Resource.IsVisionSaid = true;
        if (vision.Passed) SweepLog.ModelState(news.Of(run), run.Title, "vision check passed");
        else SweepLog.VisionCheckFailed(news.Of(run), run.Title, SweepText.Safe(vision.HasError ? vision.Error : $"reply: {vision.Reply}"));
    }

    private Task PublishAsync(ModelRun run, string state, string style) => notifications.PublishUpdateAsync(run.Resource, s => s with
    {
        State = new ResourceStateSnapshot(state, style),
        StartTimeStamp = run.State == ModelRunState.Active ? s.StartTimeStamp ?? time.GetUtcNow().UtcDateTime : s.StartTimeStamp,
        StopTimeStamp = run.State is ModelRunState.Active or ModelRunState.Pending ? null : time.GetUtcNow().UtcDateTime,
        Properties = Properties(s.Properties, run),
        Urls = Pages(run),
    });

    private ImmutableArray<UrlSnapshot> Pages(ModelRun run) =>
        run.Run is { } begun && pages.OfRun(begun.Id) is { } page
            ? [new UrlSnapshot("page", page, false) { DisplayProperties = new("Live page", 0) }] : [];

    private static ImmutableArray<ResourcePropertySnapshot> Properties(ImmutableArray<ResourcePropertySnapshot> all, ModelRun run) =>
        all.With(
        ("Model", run.Model.Name),
        ("Scores", run.Run is null ? null : SweepText.Scores(run)),
        ("Failure", run.Failure?.Reason),
        ("Last lines", run.Failure is { LastLines.Count: > 0 } failure ? string.Join('\n', failure.LastLines) : null),
        ("Log file", run.Failure?.LogFile),
        ("Vision check", run.Vision is { } vision ? vision.Passed
            ? "passed" : $"failed: {(vision.HasError ? vision.Error : vision.Reply)}" : null),
        ("Condition", run.Condition == ModelRun.Published ? null : run.Condition),
        ("Server", run.Server.Name),
        ("Run", run.Run?.Id));

    // One watcher at a time reads and writes it.
    private sealed class Said
    {
        public DateTimeOffset State { get; set; } = DateTimeOffset.MinValue;

        public DateTimeOffset News { get; set; }

        public bool IsHeld { get; set; }

        public DateTimeOffset Turn { get; set; } = DateTimeOffset.MinValue;
    }
}
