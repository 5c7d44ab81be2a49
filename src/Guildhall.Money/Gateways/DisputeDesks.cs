namespace Guildhall.Money.Gateways;

/// <summary>Where disputes are fought, by gateway. One that is no longer set up answers nothing: what waits for it goes on waiting.</summary>
public sealed class DisputeDesks(IEnumerable<IGatewayDisputes> desks)
{
    private readonly IGatewayDisputes[] _all = [.. desks];

    public IGatewayDisputes Of(string gateway) => _all.FirstOrDefault(d => string.Equals(d.Gateway, gateway, StringComparison.Ordinal)) ?? new Absent(gateway);

    private sealed class Absent(string gateway) : IGatewayDisputes
    {
        public string Gateway => gateway;
        public Task<GatewayAnswer<DisputeFact>> Fetch(string reference, CancellationToken stop) => Nobody();
        public Task<GatewayAnswer<DisputeFact>> Submit(string reference, EvidenceId evidence, DisputeEvidence fields, CancellationToken stop) => Nobody();
        public Task<GatewayAnswer<DisputeFact>> Accept(string reference, DisputeId dispute, CancellationToken stop) => Nobody();

        private Task<GatewayAnswer<DisputeFact>> Nobody() => Task.FromResult<GatewayAnswer<DisputeFact>>(new GatewayAnswer<DisputeFact>.Unknown($"Disputes at {gateway} are not set up."));
    }
}
