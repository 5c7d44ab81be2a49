using System.Net;
using System.Text.RegularExpressions;
using Guildhall.Identity.Passwords;
using Microsoft.Extensions.Logging.Abstractions;

namespace Guildhall.Tests.Identity.Passwords;

public sealed partial class BreachedPasswordsTests(PasswordWorld world) : IClassFixture<PasswordWorld>
{
    // Known to the range service of the sandbox, and strong by every other measure.
    private const string Breached = "seven breached copper kettles";

    [Theory]
    [Covers("I-8", "asvs-6.2.12")]
    [InlineData("password", "5BAA6", "1E4C9B93F3F0682250B6CF8331B7EE68FD8")]
    [InlineData("P@ssw0rd", "21BD1", "2DC183F740EE76F27B78EB39C8AD972A757")]
    [InlineData("كلمة السر", "DB417", "5AE2E9B81B537C6B05A7D395D43F76A1C4D")]
    [InlineData("Tr0ub4dor&3", "87457", "2E7A5AE6A49466A6AC578B98ADBA78C6AA6")]
    public async Task Five_letters_of_the_hash_leave_and_the_rest_is_looked_for_here(string password, string prefix, string suffix)
    {
        var wire = new Wire(_ => $"{suffix}:7");
        (await wire.Ask(password)).ShouldBe(BreachVerdict.Found);
        wire.Asked.ShouldBe(["https://pwned.test/range/" + prefix]);
    }

    [Theory]
    [Covers("I-8")]
    [InlineData("password", "003D68EB55068C33ACE09247EE4C639306B:3\r\n1E4C9B93F3F0682250B6CF8331B7EE68FD8:9659365\r\nFFFC4C1E6A5B6F2B5B3C0E2F4A2C7B6D1E0:1", "Found")]
    [InlineData("password", "1E4C9B93F3F0682250B6CF8331B7EE68FD8:0\r\n00AAA:0", "NotFound")]
    [InlineData("Tr0ub4dor&3", "00000000000000000000000000000000000:2\r\n", "NotFound")]
    [InlineData("password", "1e4c9b93f3f0682250b6cf8331b7ee68fd8:7\n", "Found")]
    [InlineData("password", "<html>busy</html>", "Unknown")]
    [InlineData("password", "", "Unknown")]
    public async Task The_answer_is_read_as_it_is_written(string password, string body, string verdict) => (await new Wire(_ => body).Ask(password)).ToString().ShouldBe(verdict);

    [Fact]
    [Covers("identity-31")]
    public async Task After_five_failures_in_a_row_nobody_is_asked_for_a_while_and_an_answer_forgives_the_failures_before_it()
    {
        var wire = new Wire(n => n == 3 ? "00000000000000000000000000000000000:2" : null);
        for (var i = 0; i < 20; i++) await wire.Ask("whatever");
        wire.Asked.Count.ShouldBe(3 + 1 + BreachedPasswords.FailuresBeforeRest);
    }

    [Fact]
    [Covers("I-8", "asvs-6.2.12")]
    public async Task Asvs_6_2_12_A_breached_password_is_refused_at_sign_up_reset_and_change()
    {
        (await world.Visitor().Post("auth/register", new { email = "breached@example.test", password = Breached, displayName = "B" })).MustRefuse(IdentityRefusals.PasswordBreached);
        var person = await world.Person();
        (await person.Post("me/password", new { currentPassword = Person.Password, newPassword = Breached })).MustRefuse(IdentityRefusals.PasswordBreached);
        var token = await world.Forgets(person);
        (await world.Resets(token, Breached)).MustRefuse(IdentityRefusals.PasswordBreached);
        (await world.Resets(token)).Must(204);

        var asked = (await world.Sandbox.Get("/sandbox/pwned/asked")).EnumerateArray().ToArray();
        asked.ShouldNotBeEmpty();
        asked.ShouldAllBe(a => OnlyPrefix().IsMatch(a.GetProperty("path").GetString()!) && a.GetProperty("padded").GetBoolean());
    }

    [Theory]
    [Covers("identity-31", "asvs-16.5.2", "asvs-6.2.12")]
    [InlineData("down", "503")]
    [InlineData("slow", "slow")]
    [InlineData("malformed", "malformed")]
    [InlineData("limited", "429")]
    public async Task Asvs_16_5_2_When_the_service_fails_the_list_decides_and_the_event_is_logged(string fault, string why)
    {
        var person = await world.Person();
        person.OnlyNode = 0;
        await world.Gateway.Faults(new { pwned = fault });
        try
        {
            (await person.Post("me/password", new { currentPassword = Person.Password, newPassword = "password12345678" })).MustRefuse(IdentityRefusals.PasswordTooWeak);
            var watch = System.Diagnostics.Stopwatch.StartNew();
            var answer = (await person.Post("me/password", new { currentPassword = Person.Password, newPassword = PasswordWorld.First })).Must();
            watch.Elapsed.ShouldBeLessThan(BreachedPasswords.Budget + TimeSpan.FromSeconds(5)); // the service would answer after ten
            person.Token = answer.Word("accessToken");
            world.Log.ShouldContain(line => line.StartsWith("Warning breached_check_skipped " + why, StringComparison.Ordinal));
        }
        finally { await world.Gateway.AnswersAsUsual(); }
        (await person.Post("me/password", new { currentPassword = PasswordWorld.First, newPassword = Breached })).MustRefuse(IdentityRefusals.PasswordBreached);
    }

    [GeneratedRegex("^/range/[0-9A-F]{5}$", RegexOptions.None, 1000)]
    private static partial Regex OnlyPrefix();

    /// <summary>The range service on the wire: an answer's body, or null for none.</summary>
    private sealed class Wire(Func<int, string?> answer) : HttpMessageHandler
    {
        private BreachedPasswords? _asking;

        public List<string> Asked { get; } = [];

        public Task<BreachVerdict> Ask(string password) =>
            (_asking ??= new BreachedPasswords(new HttpClient(this), new Uri("https://pwned.test"), NullLogger<BreachedPasswords>.Instance)).Find(password, default);

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Asked.Add(request.RequestUri!.AbsoluteUri);
            return answer(Asked.Count - 1) is { } body ? Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(body) }) : throw new HttpRequestException("planted");
        }
    }
}
