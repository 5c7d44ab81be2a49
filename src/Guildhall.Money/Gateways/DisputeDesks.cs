namespace Guildhall.Money.Gateways;

/// <summary>Where disputes are fought, by gateway. One that is no longer set up answers nothing: what waits for it goes on waiting.</summary>
public sealed class DisputeDesks(IEnumerable<IGatewayDisputes> desks)
{
    private readonly IGatewayDisputes[] _all = [.. desks];

    /// <summary>Those that are set up.</summary>
    internal IReadOnlyList<string> Gateways => [.. _all.Select(d => d.Gateway)];

    public IGatewayDisputes Of(string gateway) => _all.FirstOrDefault(d => string.Equals(d.Gateway, gateway, StringComparison.Ordinal)) ?? new Absent(gateway);

    private sealed class Absent(string gateway) : IGatewayDisputes
    {
        public string Gateway => gateway;
        public Task<GatewayAnswer<DisputeFact>> Fetch(string reference, CancellationToken stop) => Nobody<DisputeFact>();
        public Task<GatewayAnswer<IReadOnlyList<DisputeFact>>> OpenedSince(DateTimeOffset time, CancellationToken stop) => Nobody<IReadOnlyList<DisputeFact>>();
        public Task<GatewayAnswer<DisputeFact>> Submit(string reference, EvidenceId evidence, DisputeEvidence fields, CancellationToken stop) => Nobody<DisputeFact>();
        public Task<GatewayAnswer<DisputeFact>> Accept(string reference, DisputeId dispute, CancellationToken stop) => Nobody<DisputeFact>();

        private Task<GatewayAnswer<T>> Nobody<T>() => Task.FromResult<GatewayAnswer<T>>(new GatewayAnswer<T>.Unknown($"Disputes at {gateway} are not set up."));
    }
}
