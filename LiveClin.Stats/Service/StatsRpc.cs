using Google.Protobuf;
using Grpc.Core;
using LiveClin.Core.Conditions;
using LiveClin.ServiceDefaults.Rpc;
using LiveClin.Stats.Comparison;
using LiveClin.Stats.Controls;
using LiveClin.Stats.Cost;
using LiveClin.Stats.Items;
using LiveClin.Stats.Ledger;
using LiveClin.Stats.Plots;
using LiveClin.Stats.Reports;
using LiveClin.Stats.ResultSets;
using LiveClin.Stats.Slices;
using LiveClin.Stats.Uncertainty;
using LiveClin.Stats.V1;
using Verdict = LiveClin.Core.Reviews.Verdict;

namespace LiveClin.Stats.Service;

/// <summary>The contract's calls: each loads, computes and maps.</summary>
internal sealed class StatsRpc(
    ResultSetLoader loader, EvaluatorSource evaluator, ControlReader controls, SharedWork work, KeptJson json, PriceTable prices,
    TimeProvider time,
    IHostApplicationLifetime lifetime)
    : StatsService.StatsServiceBase
{
    private const int MostComparedShortly = 5;
    private static readonly TimeSpan WatchPatience = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan DefaultInterval = TimeSpan.FromSeconds(2), Shortest = TimeSpan.FromSeconds(0.5),
    Longest = TimeSpan.FromHours(1);

    public override async Task<GetStatisticsResponse> GetStatistics(GetStatisticsRequest request, ServerCallContext context)
    {
        var set = await LoadAsync(request.Selection, context.CancellationToken);
        return await AnswerAsync(context, set, "statistics", () => PublishedMapping.ToMessage(set), isLong: true);
    }

    public override async Task<GetLeaderboardResponse> GetLeaderboard(GetLeaderboardRequest request, ServerCallContext context) =>
        await LeaderboardOfAsync(await LoadAsync(request.Selection, context.CancellationToken), context.CancellationToken);

    public override async Task WatchLeaderboard(WatchLeaderboardRequest request, IServerStreamWriter<GetLeaderboardResponse> responseStream,
        ServerCallContext context)
    {
        var interval = request.Interval?.ToTimeSpan() ?? DefaultInterval;
        if (interval < Shortest || interval > Longest)
            throw RequestException.Invalid("interval", $"interval is {interval}; {Shortest} to {Longest} was expected.");
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopping);
        ResultSet? sent = null;
        for (long? since = null; ; await Task.Delay(interval, time, stop.Token))
        {
            try
            {
                // The loader gives the same set as long as no run has moved on.
                var set = await LoadAsync(request.Selection, stop.Token);
                var board = ReferenceEquals(set, sent) ? null : await LeaderboardOfAsync(set, stop.Token);
                if (board is not null) await responseStream.WriteAsync(board, stop.Token);
                (sent, since) = (set, null);
            }
            catch (RpcException error) when (sent is not null && IsPassing(error)
                && time.GetElapsedTime(since ??= time.GetTimestamp()) < WatchPatience)
            {
                // An evaluator, or its database, that restarts: what has moved on meanwhile comes when it is back.
            }
        }
    }

    private static bool IsPassing(RpcException error) =>
        error.StatusCode is StatusCode.Unavailable or StatusCode.Internal or StatusCode.DeadlineExceeded;

    public override async Task<GetModelReportResponse> GetModelReport(GetModelReportRequest request, ServerCallContext context)
    {
        var set = await LoadAsync(request.Selection, context.CancellationToken);
        var model = RequireModel(set, request.Model, "model");
        var verdicts = await controls.VerdictsAsync(set, context.CancellationToken);
        return await AnswerAsync(context, set, $"model {model.Model} {Verdict.VersionOf(verdicts)}", () => ReportOf(set, model, verdicts));
    }

    private GetModelReportResponse ReportOf(ResultSet set, ModelResults model, IReadOnlyList<Verdict> verdicts)
    {
        var board = Leaderboard.Of(set);
        var row = board.Rows.First(r => r.Ledger.Model.Model == model.Model);
        var message = AnalysisMapping.ToMessage(ModelReport.Of(set, row, ClusterBootstrap.Of(set), prices, verdicts));
        message.Row.Rank = board.RankOf(row) ?? 0;
        message.Row.Truth = LeaderboardMapping.ToMessage(set.TruthOf(model));
        message.Row.Epochs = EpochMapping.ToMessage(Epochs.EpochStatistics.Of(set, model));
        message.Row.FloorCheck = FloorMapping.CheckOf(Floors.FloorCheck.Of(set), model.Model);
        return message;
    }

    public override async Task<CompareModelsResponse> CompareModels(CompareModelsRequest request, ServerCallContext context)
    {
        var set = await LoadAsync(request.Selection, context.CancellationToken);
        foreach (var name in request.Models) RequireModel(set, name, "models");
        var compared = request.Models.Count == 0 ? set : set.WithModels(m => request.Models.Contains(m.Model));
        return await AnswerAsync(
            context, set, $"comparison {string.Join('\n', compared.Models.Select(m => m.Model))}", () =>
                AnalysisMapping.ToMessage(compared, set.Notes),
            isLong: compared.Models.Length > MostComparedShortly);
    }

    public override async Task<GetControlsResponse> GetControls(GetControlsRequest request, ServerCallContext context)
    {
        var (set, runs) = await LoadWithRunsAsync(request.Selection, context.CancellationToken);
        foreach (var name in request.Models) RequireModel(set, name, "models");
        var board = await controls.BoardAsync(set, runs, request.Models, context.CancellationToken);
        return await AnswerAsync(context, set, $"controls {board.Version}", () => ControlMapping.ToMessage(board));
    }

    public override async Task<GetSlicesResponse> GetSlices(GetSlicesRequest request, ServerCallContext context)
    {
        var set = await LoadAsync(request.Selection, context.CancellationToken);
        Slices.SliceDimension[] dimensions = request.Dimension == V1.SliceDimension.Unspecified
            ? Enum.GetValues<Slices.SliceDimension>()
            : [EnumByName<Slices.SliceDimension>.Find(request.Dimension)
                ?? throw RequestException.Invalid("dimension", $"'{request.Dimension}' is no dimension that this service knows.")];
        return await AnswerAsync(
            context, set, $"slices {string.Join(' ', dimensions)}", () =>
                new GetSlicesResponse { Models = { set.Models.Select(m => SlicesOf(set, m, dimensions)) } });
    }

    public override async Task<GetItemsResponse> GetItems(GetItemsRequest request, ServerCallContext context)
    {
        var analysis = ItemAnalysis.Of(await LoadAsync(request.Selection, context.CancellationToken));
        IReadOnlyList<ItemStatistics> all = request.SuspectsOnly ? [.. analysis.Suspects] : analysis.Items;
        var (items, next) = Paging.Page(all, request.PageSize, request.PageToken);
        return new GetItemsResponse
        {
            Items = { items.Select(AnalysisMapping.ToMessage) },
            GoodModels = { analysis.GoodModels },
            Missing = analysis.Missing ?? "",
            NextPageToken = next,
            TotalSize = all.Count,
        };
    }

    public override async Task<ListCasesResponse> ListCases(ListCasesRequest request, ServerCallContext context)
    {
        var set = await LoadAsync(request.Selection, context.CancellationToken);
        var found = CaseMapping.ToQuery(request.Filter).Run(set).ToList();
        var (cases, next) = Paging.Page(found, request.PageSize, request.PageToken);
        return new ListCasesResponse
        {
            Cases = { cases.Select(@case => CaseMapping.ToRow(set, @case)) },
            NextPageToken = next,
            TotalSize = found.Count,
        };
    }

    public override async Task<GetCaseResponse> GetCase(GetCaseRequest request, ServerCallContext context)
    {
        var set = await LoadAsync(request.Selection, context.CancellationToken);
        var @case = set.Cases.FirstOrDefault(c => c.Id == request.CaseId)
            ?? throw RequestException.Missing("case_id", $"There is no case '{request.CaseId}' in {set.Release}.");
        var (detail, answers) = await evaluator.LoadCaseAsync(set.ReleaseSha256 ?? set.Release, @case.Id,
            set.Models.Select(m => m.RunId).OfType<string>(), context.CancellationToken);
        return CaseMapping.ToMessage(set, @case, detail, answers);
    }

    public override async Task ExportReport(ExportReportRequest request, IServerStreamWriter<ExportReportResponse> responseStream,
        ServerCallContext context)
    {
        var export = ReportExport.Require(request.Format);
        var (set, runs) = await LoadWithRunsAsync(request.Selection, context.CancellationToken);
        var board = await controls.BoardAsync(set, runs, null, context.CancellationToken);
        var file = await export.MakeAsync(work, set, board, prices, time, context.CancellationToken);
        await ReportExport.SendAsync(export.ContentType, file, set.Damaged.Select(damage => damage.ToString()), responseStream,
            context.CancellationToken);
    }

    public override async Task<RenderPlotResponse> RenderPlot(RenderPlotRequest request, ServerCallContext context)
    {
        var (set, runs) = await LoadWithRunsAsync(request.Selection, context.CancellationToken);
        foreach (var name in request.Models) RequireModel(set, name, "models");
        if (!PlotFiles.NamesFor(set).Contains(request.Name))
            throw RequestException.Missing("name",
                $"There is no plot '{request.Name}'; there are: {string.Join(", ", PlotFiles.NamesFor(set))}.");
        var format = request.Format switch { PlotFormat.Png => PlotFileFormat.Png, PlotFormat.Pdf => PlotFileFormat.Pdf,
            _ => PlotFileFormat.Svg };
        var board = ControlPlots.Names.Contains(request.Name)
            ? await controls.BoardAsync(set, runs, request.Models, context.CancellationToken) : null;
        return await AnswerAsync(
            context, set, $"plot {request.Name}{format.Ending} {request.Dark} {board?.Version} {string.Join('\n', request.Models)}",
            () =>
            {
                var theme = request.Dark ? PlotTheme.Dark : PlotTheme.Light;
                var plot = (board is null ? ResultPlots.Draw(request.Name, set, request.Models, prices, theme)
                    : ControlPlots.Draw(request.Name, board, null, theme))!;
                return new RenderPlotResponse
                {
                    Title = plot.Title,
                    MediaType = format.MediaType,
                    Data = UnsafeByteOperations.UnsafeWrap(format.Write(plot)),
                };
            });
    }

    private async Task<GetLeaderboardResponse> LeaderboardOfAsync(ResultSet set, CancellationToken cancellationToken)
    {
        var verdicts = await controls.VerdictsAsync(set, cancellationToken);
        return await work.MessageAsync(
            set, $"leaderboard {Verdict.VersionOf(verdicts)}", () =>
                LeaderboardMapping.ToMessage(set, verdicts), isLong: false, cancellationToken);
    }

    // What is asked is in the text: the same text of the same set means the same answer.
    private Task<T> AnswerAsync<T>(ServerCallContext context, ResultSet set, string asked, Func<T> compute, bool isLong = false) where T
        : class, IMessage, new() =>
        json.AnswerAsync(context.GetHttpContext(), set, asked,
            () => work.MessageAsync(set, asked, compute, isLong, context.CancellationToken));

    private static ModelSlices SlicesOf(ResultSet set, ModelResults model, Slices.SliceDimension[] dimensions) =>
        new()
        {
            Model = model.Model,
            Slices = { dimensions.SelectMany(dimension => Slicer.Cut(set, model, dimension)).Select(AnalysisMapping.ToMessage) },
        };

    private static ModelResults RequireModel(ResultSet set, string name, string field) =>
        set.FindModel(name) ?? throw RequestException.Missing(field,
            $"There is no model '{name}'; there are: {string.Join(", ", set.Models.Select(m => m.Model))}.");

    private async Task<ResultSet> LoadAsync(ResultSelection? selection, CancellationToken cancellationToken) =>
        (await LoadWithRunsAsync(selection, cancellationToken)).Set;

    private Task<(ResultSet Set, IReadOnlyList<Evaluator.V1.Run> Runs)> LoadWithRunsAsync(ResultSelection? selection,
        CancellationToken cancellationToken) => loader.LoadWithRunsAsync(
        new RunSelection
        {
            Release = selection?.Release is { Length: > 0 } release ? release : null,
            Condition = selection?.Condition is { Length: > 0 } condition ? condition : Condition.PublishedName,
            RunIds = [.. selection?.RunIds ?? []],
            PreferredRunIds = [.. selection?.PreferredRunIds ?? []],
            IgnoredModels = [.. selection?.IgnoredModels ?? []],
        },
        cancellationToken);
}
