using System.Text;
using Guildhall.Foundation.Http;
using Guildhall.Identity.Sessions;

namespace Guildhall.Tests.Architecture;

/// <summary>docs/limits.md is made from the values that are enforced.</summary>
public sealed class LimitsDocumentTests
{
    [Fact]
    [Covers("asvs-2.1.3")]
    public async Task Asvs_2_1_3_Every_limit_in_force_is_in_the_document()
    {
        await using var app = Product.NotStarted();
        Snapshot.Matches("docs/limits.md", Document([.. app.Services.GetServices<ProductLimit>()]));
    }

    [Fact]
    [Covers("asvs-6.1.1")]
    public void Asvs_6_1_1_The_document_states_the_rules_of_lockout_and_against_floods_with_the_values_of_the_code()
    {
        var document = Tree.Read("docs/limits.md");
        document.ShouldContain($"| wrong passwords for an account from one network (IPv6: its /64), device not known | {SignIn.Attempts} in {SignIn.AttemptsWithinSeconds / 60} minutes |");
        document.ShouldContain($"| wrong passwords for an account from anywhere, device not known | {SignInLimits.PerAccount} in {SignInLimits.PerAccountSeconds / 60} minutes |");
        document.ShouldContain($"| the same in a day | {SignInLimits.PerAccountDay} in {SignInLimits.DaySeconds / 3600} hours |");
        document.ShouldContain($"| accounts that one address (IPv6: its /64) fails at | {SignInLimits.AccountsPerAddress} in ");
        document.ShouldContain($"{RateLimits.All[RateClass.Auth].Anonymous.Hits} per address in 60 seconds, exact");
        document.ShouldContain("`sign_in_busy` with `Retry-After`");
        var readme = Tree.Read("src/Guildhall.Identity/README.md");
        readme.ShouldContain("A stranger cannot lock the owner out");
        readme.ShouldContain("docs/limits.md");
    }

    [Fact]
    public async Task Every_class_of_the_limiter_and_every_quota_that_a_route_names_is_listed()
    {
        await using var app = Product.NotStarted();
        var names = app.Services.GetServices<ProductLimit>().Select(l => l.Name).ToArray();
        foreach (var rate in RateLimits.All.Keys) names.ShouldContain(n => n.StartsWith(Guildhall.Foundation.Data.Names.Of(rate) + ":", StringComparison.Ordinal));
        foreach (var quota in Product.Routes(app).Select(r => r.Metadata.GetMetadata<QuotaRoute>()).OfType<QuotaRoute>().Distinct()) names.ShouldContain(quota.Quota.Says);
    }

    /// <summary>Whoever may take a list away as a file may not do so without end.</summary>
    [Fact, Covers("asvs-2.4.1")]
    public async Task Every_route_that_gives_a_list_as_a_file_is_under_the_quota_of_exports()
    {
        await using var app = Product.NotStarted();
        var files = Product.Routes(app).Where(r => r.RoutePattern.RawText!.EndsWith(".csv", StringComparison.Ordinal) || r.RoutePattern.RawText.EndsWith("audit.json", StringComparison.Ordinal)).ToArray();
        files.Length.ShouldBeGreaterThan(6);
        files.Where(r => r.Metadata.GetMetadata<QuotaRoute>()?.Quota != Quotas.Exports).Select(r => r.RoutePattern.RawText).ShouldBeEmpty();
    }

    private static string Document(IReadOnlyList<ProductLimit> limits)
    {
        var text = new StringBuilder("""
            # Limits

            Every limit in force, made by the tests from the values that are enforced; do not edit. Staff see the same of a running node at `GET /api/v1/admin/limits`.
            Rates and counts of wrong passwords slide and use the machine's clock; quotas follow the calendar in UTC. Answers say in `RateLimit` and `RateLimit-Policy` what is left;
            a 429 says in `Retry-After` when the next request will do, not a second early. An IPv6 address counts as its /64.

            """);
        foreach (var group in limits.GroupBy(l => l.Group, StringComparer.Ordinal))
        {
            text.Append("\n## ").Append(group.Key).Append("\n\n| what | limit | beyond it |\n|---|---|---|\n");
            foreach (var limit in group) text.Append(null, $"| {limit.Name} | {limit.Value} | {limit.Then} |\n");
        }
        return text.ToString();
    }
}
