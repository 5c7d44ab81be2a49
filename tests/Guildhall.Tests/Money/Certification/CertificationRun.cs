namespace Guildhall.Tests.Money.Certification;

/// <summary>The whole list against one gateway, played by the sandbox over real HTTP, on real PostgreSQL. A gateway is certified by one line in
/// <c>CertificationTests.cs</c> and a <see cref="Partner"/> that says how its protocol differs.</summary>
public abstract class CertificationRun : IAsyncLifetime
{
    private readonly Partner _partner;

    private protected CertificationRun(Partner partner) => _partner = partner;

    /// <summary>The names of the checks.</summary>
    public static TheoryData<string> Rows => [.. Check.All.Select(c => c.Name)];

    public async ValueTask InitializeAsync()
    {
        await new Attempt(_partner).Restores();
        await _partner.World.Database.Execute("""
            insert into foundation.settings (key, value, version, changed_at) values ('money.gateways', to_jsonb($1::text), 1, now()) on conflict do nothing
            """, $"{_partner.Price.Currency.Code}={_partner.Name} {OpeningChecks.Elsewhere.Code}={_partner.Name} *=stripe");
        await _partner.Begins();
    }

    public async ValueTask DisposeAsync()
    {
        await new Attempt(_partner).Restores();
        await _partner.World.Gateway.AnswersAsUsual();
        await _partner.World.SettlesDown();
        GC.SuppressFinalize(this);
    }

    [Theory, MemberData(nameof(Rows))]
    [Covers("M-21", "O-9")]
    public async Task Certified(string check)
    {
        var gateway = CertificationTable.NameOf(GetType());
        CertificationTable.Begins(check, gateway);
        CertificationTable.Ends(check, gateway, await Check.All.Single(c => string.Equals(c.Name, check, StringComparison.Ordinal)).Run(new Attempt(_partner)));
    }
}
