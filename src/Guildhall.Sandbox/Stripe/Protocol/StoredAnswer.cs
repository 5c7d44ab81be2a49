namespace Guildhall.Sandbox.Stripe.Protocol;

/// <summary>The first answer to an idempotency key.</summary>
internal sealed record StoredAnswer(string Key, string Fingerprint, int Status, string Body, string RequestId, long Created);
