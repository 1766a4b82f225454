using System.Security.Cryptography;
using System.Text;
using Google.Protobuf;
using LiveClin.Core.Formats;
using LiveClin.Evaluator.Models;

namespace LiveClin.Evaluator.Service;

/// <summary>Tells whether two requests ask the same, without keeping either of them.</summary>
internal static class RequestHash
{
    /// <summary>
    /// SHA-256 over the canonical JSON of a request. The key that names it, the API's key and what an address may hold of secrets are
    /// left out: a hash of something short can be guessed.
    /// </summary>
    public static string Of(V1.StartRunRequest request, ModelEndpoint endpoint)
    {
        var shown = request.Clone();
        shown.IdempotencyKey = "";
        if (shown.Model is { } model)
        {
            model.ClearApiKey();
            model.Endpoint = endpoint.SafeUrl;
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(CanonicalJson.Of(JsonFormatter.Default.Format(shown)))));
    }
}
