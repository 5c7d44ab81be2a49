using Guildhall.Messaging.Delivery;

namespace Guildhall.Messaging.Push;

/// <summary>A message to one device.</summary>
/// <param name="Link">Where a press on it leads.</param>
/// <param name="Until">Not shown after this moment.</param>
internal sealed record PushMessage(string Token, NoticeId Notice, string Title, string Text, Uri Link, DateTimeOffset Until);

/// <summary>What came of a try.</summary>
/// <param name="State"><c>Queued</c>: surely not taken, to be tried again.</param>
/// <param name="Ref">The provider's own id of the message.</param>
/// <param name="GoneToken">This token is of no use any more.</param>
/// <param name="RetryAfter">How long the provider wants to be left alone.</param>
internal readonly record struct PushAnswer(DeliveryState State, string? Reason = null, string? Reply = null, string? Ref = null, string? GoneToken = null, TimeSpan? RetryAfter = null);
