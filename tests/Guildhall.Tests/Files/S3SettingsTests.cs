using Guildhall.Files.Storage;
using Guildhall.Web.Host.Gateways;
using Microsoft.Extensions.Configuration;

namespace Guildhall.Tests.Files;

[Covers("A-2", "I-14")]
public sealed class S3SettingsTests
{
    private static readonly (string Name, string? Value)[] Good = [("BUCKET", "our-files"), ("REGION", "eu-central-1"), ("KEY", "AKEY"), ("SECRET", "a secret of ours")];

    private static (S3Options? Options, List<string> Wrong) Read(bool sandbox, params (string Name, string? Value)[] set)
    {
        var wrong = new List<string>();
        var values = set.ToDictionary(s => "GUILDHALL_S3_" + s.Name, s => s.Value, StringComparer.Ordinal);
        return (S3Settings.Read(new ConfigurationBuilder().AddInMemoryCollection(values).Build(), sandbox, wrong), wrong);
    }

    [Fact]
    public void Nothing_set_is_no_bucket_and_all_of_it_is_one()
    {
        Read(sandbox: false).ShouldSatisfyAllConditions(r => r.Options.ShouldBeNull(), r => r.Wrong.ShouldBeEmpty());
        var (options, wrong) = Read(sandbox: false, Good);
        wrong.ShouldBeEmpty();
        (options!.Endpoint.AbsoluteUri, options.Prefix).ShouldBe(("https://s3.eu-central-1.amazonaws.com/", ""));
    }

    [Theory]
    [InlineData("BUCKET", null, "belong together"), InlineData("REGION", null, "belong together"), InlineData("KEY", null, "belong together"), InlineData("SECRET", null, "belong together")]
    [InlineData("BUCKET", "Our Files", "3 to 63"), InlineData("REGION", "EU", "is like"), InlineData("SECRET", "guildhall_sandbox_s3_secret", "is the sandbox's"), InlineData("SECRET_FILE", "/nowhere/secret", "cannot be read")]
    [InlineData("ENDPOINT", "http://s3.test", "must be https"), InlineData("ENDPOINT", "https://s3.test/path", "has no path"), InlineData("PREFIX", "../up/", "between slashes"), InlineData("PREFIX", "shop", "ends with a slash")]
    public void Half_of_it_or_nonsense_stops_the_start_with_a_sentence(string name, string? value, string sentence)
    {
        var (options, wrong) = Read(sandbox: false, [.. Good.Where(g => g.Name != name), .. value is null ? [] : new[] { (name, (string?)value) }]);
        options.ShouldBeNull();
        wrong.ShouldContain(w => w.Contains(sentence, StringComparison.Ordinal));
    }

    [Fact]
    public void Plain_http_is_for_the_sandbox_on_this_machine_only()
    {
        Read(sandbox: true, [.. Good, ("ENDPOINT", "http://127.0.0.1:5090")]).Wrong.ShouldBeEmpty();
        Read(sandbox: true, [.. Good, ("ENDPOINT", "http://s3.test")]).Wrong.ShouldNotBeEmpty();
    }
}
