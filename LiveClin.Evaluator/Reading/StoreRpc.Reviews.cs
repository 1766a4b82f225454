using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using LiveClin.Core.Results;
using LiveClin.Core.Reviews;
using LiveClin.ServiceDefaults.Rpc;

namespace LiveClin.Evaluator.Reading;

internal abstract partial class StoreRpc
{
    public override Task<V1.ListVerdictsResponse> ListVerdicts(V1.ListVerdictsRequest request, ServerCallContext context) =>
        Task.FromResult(new V1.ListVerdictsResponse
        {
            Verdicts = { Store.GetVerdicts(RequireStored(request.ReleaseSha256).Sha256).Select(ToMessage) },
        });

    /// <summary>A release that the store holds.</summary>
    /// <exception cref="RpcException">There is none.</exception>
    protected StoredRelease RequireStored(string sha256) => Store.FindRelease(sha256)
        ?? throw RpcErrors.Because(Code.NotFound, "RELEASE_NOT_FOUND",
            $"No run on a release '{sha256}' is stored. ListReleases shows the releases' hashes.");

    private static V1.Verdict ToMessage(Verdict verdict) => new()
    {
        Topic = EnumByName<V1.ReviewTopic>.Of(verdict.Topic), CaseOrdinal = verdict.CaseOrdinal, QuestionIndex = verdict.QuestionIndex,
        Holds = verdict.Holds, By = verdict.By, At = Timestamp.FromDateTimeOffset(verdict.At),
    };
}
