using Microsoft.Kiota.Abstractions;
using Microsoft.Kiota.Abstractions.Authentication;
using Microsoft.Kiota.Http.HttpClientLibrary;

namespace Guildhall.Client;

/// <summary>Begins here. Every path, parameter, body and answer of the client is typed from the OpenAPI document; a refusal is an exception with its problem and stable code.</summary>
public static class Connect
{
    /// <summary>A client of one Guildhall. A call that changes something gets an Idempotency-Key of its own unless it has one: give the same one when you repeat a call whose answer was lost.</summary>
    /// <param name="address">Such as <c>https://guildhall.example</c>.</param>
    /// <param name="token">The access token; asked before each call, since it lasts ten minutes. Null: nobody is signed in.</param>
    public static GuildhallClient To(Uri address, Func<string?> token) =>
        new(new HttpClientRequestAdapter(new Bearer(token)) { BaseUrl = address.GetLeftPart(UriPartial.Authority) });

    private sealed class Bearer(Func<string?> token) : IAuthenticationProvider
    {
        public Task AuthenticateRequestAsync(RequestInformation request, Dictionary<string, object>? additionalAuthenticationContext = null, CancellationToken cancellationToken = default)
        {
            if (token() is { } held) request.Headers.TryAdd("Authorization", "Bearer " + held);
            if (request.HttpMethod is not Method.GET && !request.Headers.ContainsKey("Idempotency-Key")) request.Headers.TryAdd("Idempotency-Key", Guid.NewGuid().ToString());
            return Task.CompletedTask;
        }
    }
}
