using System.ClientModel.Primitives;

namespace LiveClin.Evaluator.Models;

/// <summary>Gives each request the base address's query, which the SDK leaves out, and Azure its own header for the key.</summary>
/// <param name="baseUrl">The base address.</param>
/// <param name="apiKey">The key; null for none.</param>
internal sealed class AddressPolicy(Uri baseUrl, string? apiKey) : PipelinePolicy
{
    private readonly bool _isAzure = ApiAddress.IsAzure(baseUrl);

    public override void Process(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex)
    {
        Apply(message.Request);
        ProcessNext(message, pipeline, currentIndex);
    }

    public override ValueTask ProcessAsync(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex)
    {
        Apply(message.Request);
        return ProcessNextAsync(message, pipeline, currentIndex);
    }

    private void Apply(PipelineRequest request)
    {
        if (baseUrl.Query.Length > 1)
            request.Uri = new UriBuilder(request.Uri!) { Query = $"{baseUrl.Query}{request.Uri!.Query.Replace('?', '&')}" }.Uri;
        if (!_isAzure || string.IsNullOrEmpty(apiKey)) return;
        request.Headers.Remove("Authorization");
        request.Headers.Set("api-key", apiKey);
    }
}
