using System.Net;
using Microsoft.AspNetCore.Http;

namespace Guildhall.Money.Gateways;

/// <summary>What came in over HTTP, as it came. <c>Sender</c> is the address of the socket or of the trusted proxy's hop.</summary>
public sealed record Message(IHeaderDictionary Headers, IQueryCollection Query, ReadOnlyMemory<byte> Body, IPAddress? Sender);

/// <summary>What a message is worth.</summary>
public abstract record Heard
{
    private Heard() { }

    /// <summary>What the gateway is answered; JSON when null.</summary>
    public Reply? Answer { get; init; }

    /// <summary>The sender is proven: a signature over the raw bytes holds, or only the gateway can have encrypted it. It is stored, then believed.</summary>
    public sealed record Proven(string EventId, string Type) : Heard
    {
        /// <summary>What is stored and read later, when the body alone does not say what it is about.</summary>
        public ReadOnlyMemory<byte>? Kept { get; init; }
    }

    /// <summary>Anybody could have sent it: it is stored as it came and makes us ask the gateway about this payment. Nothing of it is believed.</summary>
    public sealed record Hint(PaymentId? Payment) : Heard
    {
        /// <summary>What the gateway is to be asked by from now on, told by somebody who knew a secret of this very payment. It is taken where the answer to
        /// the opening was lost, or where it goes on from ours after a space.</summary>
        public string? Reference { get; init; }
    }

    /// <summary>Not proven; not stored. <c>SecondsOff</c>: all of it holds but the time, which may mean that a clock is wrong; by so much it was signed
    /// before our present.</summary>
    public sealed record Refused(long? SecondsOff = null) : Heard;
}

/// <summary>The answer a gateway wants, such as <c>REDIRECT=https://…</c>.</summary>
public sealed record Reply(string ContentType, string Body, int Status = 200);
