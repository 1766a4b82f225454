using Google.Rpc;
using Grpc.Core;
using LiveClin.Core.Releases;
using LiveClin.Core.Results;
using LiveClin.Evaluator.Reading;
using LiveClin.Evaluator.V1;
using LiveClin.ServiceDefaults.Rpc;

namespace LiveClin.Stats.View;

/// <summary>Puts a store in the evaluator's place.</summary>
internal static class ViewExtensions
{
    public static IServiceCollection AddViewedStore(this IServiceCollection services, ViewedStore viewed)
    {
        services.AddSingleton(new PageAccess(viewed.Name) { StorePath = viewed.Store.Path == viewed.Name ? viewed.Name : null });
        services.AddSingleton(viewed.Store);
        services.AddSingleton<IReleaseSource, ViewedReleases>();
        services.AddSingleton<RequestedFiles>();
        services.AddSingleton<ViewRpc>();
        services.AddSingleton(provider => new EvaluatorService.EvaluatorServiceClient(
            new InProcessCallInvoker(binder => EvaluatorService.BindService(binder, provider.GetRequiredService<ViewRpc>()), Explain)));
        return services;
    }

    // Calls that cross no network are refused with the same errors.
    private static RpcException Explain(Exception error) => error switch
    {
        ReleaseNotFoundException => RpcErrors.Because(Code.NotFound, "RELEASE_NOT_FOUND", error.Message),
        StoreException { Problem: StoreProblem.Unreachable } =>
            RpcErrors.Because(Code.Unavailable, RpcErrors.StoreUnreachable, error.Message),
        StoreException => RpcErrors.Because(Code.FailedPrecondition, "STORE", error.Message),
        _ => RpcErrors.Because(Code.FailedPrecondition, "UNREADABLE", error.Message),
    };
}
