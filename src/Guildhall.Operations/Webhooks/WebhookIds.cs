using Guildhall.Foundation;

namespace Guildhall.Operations.Webhooks;

/// <summary>Id of a webhook endpoint, <c>whe_…</c>.</summary>
public readonly record struct WebhookEndpointId(Guid Value) : IId<WebhookEndpointId>
{
    public static string Prefix => "whe";
    public static WebhookEndpointId From(Guid value) => new(value);
    public static bool TryParse(string? text, IFormatProvider? format, out WebhookEndpointId id) => Id.TryParse(text, out id);
    public override string ToString() => Id.Format(this);
}

/// <summary>Id of a message, <c>whm_…</c>: the same however often and to however many endpoints it is sent.</summary>
public readonly record struct WebhookMessageId(Guid Value) : IId<WebhookMessageId>
{
    public static string Prefix => "whm";
    public static WebhookMessageId From(Guid value) => new(value);
    public static bool TryParse(string? text, IFormatProvider? format, out WebhookMessageId id) => Id.TryParse(text, out id);
    public override string ToString() => Id.Format(this);
}
