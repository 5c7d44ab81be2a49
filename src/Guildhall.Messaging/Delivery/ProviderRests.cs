namespace Guildhall.Messaging.Delivery;

/// <summary>Which providers of messages this node leaves alone for now, since they have not answered lately: what is to go by them waits.</summary>
public sealed class ProviderRests
{
    private readonly Func<string, TimeSpan?> _restsFor;

    internal ProviderRests(Func<string, TimeSpan?> restsFor) => _restsFor = restsFor;

    /// <param name="name">A sender's name: <c>sendgrid</c>, <c>ses</c>, <c>twilio</c>, <c>whatsapp</c>, <c>firebase</c>.</param>
    public bool Rests(string name) => _restsFor(name) is not null;
}
