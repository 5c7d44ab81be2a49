using Guildhall.Foundation.Http;

namespace Guildhall.Operations.Webhooks;

/// <summary>What the deployment says about outgoing webhooks.</summary>
/// <param name="Allowed">Inside addresses that endpoints may have, such as the marketplace's own network.</param>
/// <param name="PlainHttp">Sandbox: <c>http://</c> is good enough.</param>
/// <param name="Sends">Whether this node sends.</param>
public sealed record WebhookOptions(IReadOnlyList<AllowedTarget> Allowed, bool PlainHttp, bool Sends)
{
    /// <summary>How long an endpoint has for its whole answer.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(15);
}
