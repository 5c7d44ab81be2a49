using System.Reflection;
using Guildhall.Foundation.Http;
using Guildhall.Web.Pages.Parts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Tests.Architecture;

/// <summary>Every route that changes something writes to the audit trail, read from the compiled code of its handler; the few that need not are listed
/// with the reason.</summary>
public sealed class AuditedRoutesTests
{
    // Nothing of a person's rights, money or duties hangs on these, or they are a record themselves.
    private static readonly Dictionary<string, string> NeedNone = new(StringComparer.Ordinal)
    {
        ["ShowTyping"] = "tells the other side for a moment that somebody writes; nothing is stored",
        ["MarkChatRead"] = "how far somebody has read", ["ChatReadForm"] = "how far somebody has read",
        ["MarkRead"] = "that a notice was read", ["MarkAllRead"] = "that notices were read", ["InboxForm"] = "that notices were read",
        ["SendMessage"] = "a message is a record itself: who, when and what, never changed", ["ChatForm"] = "a message is a record itself: who, when and what, never changed",
        ["StayInCall"] = InCalls, ["LeaveCall"] = InCalls, ["SignalCall"] = "passed on between two browsers and forgotten when their call ends",
        ["ReceiveWebhook"] = "kept whole with its proof; what follows from it is noted with the gateway as its source",
        ["StepUp"] = "only asks for a proof; the proof that is given is noted, and the one that fails",
        ["BeginPasskeyForm"] = Asked, ["ProveBeginPasskey"] = Asked, ["BeginPasskeyAnswer"] = Asked, ["BeginPasskeySignIn"] = Asked, ["BeginPasskey"] = Asked,
        ["BeginPasskeySignInForm"] = Asked, ["SecondBeginPasskey"] = Asked,
        ["RequestPasswordReset"] = Mailed, ["ForgotPasswordForm"] = Mailed,
        ["CheckPasswordReset"] = "reads whether a link is still good; nothing is used up", ["CheckInvitation"] = "reads whether a link is still good; nothing is used up",
        ["MeasurePassword"] = "says how hard a password is to guess; nothing is stored",
        ["ReceiveSendGridEvents"] = "what became of a mail stands in its delivery log", ["ReceiveSesEvents"] = "what became of a mail stands in its delivery log",
        ["ReceiveTwilioStatus"] = "what became of a text message stands in its delivery log",
        ["ReceiveTwilioText"] = "the word stands in a row of its own, and the list of addresses says why and since when",
        ["SpeakNotice"] = "what was read out stands in a row with who asked and when", ["SpeakForm"] = "what was read out stands in a row with who asked and when",
        ["ReturnRoute"] = "makes us ask the gateway; what it answers is noted with the gateway as its source",
    };

    private const string InCalls = "who was in a call from when until when is a record itself: lines are only added";
    private const string Asked = "only makes what a browser is to sign; the answer to it is noted, and the one that fails";
    private const string Mailed = "does the same for every address; the job that mails the link notes it with the account";

    [Fact]
    [Covers("I-13", "asvs-16.2.1", "asvs-16.3.1")]
    public async Task Every_route_that_changes_something_is_audited()
    {
        await using var app = Product.NotStarted();
        Guard.Holds(Check(RouteCall.Of(app)));
    }

    [Fact]
    public async Task Reasons_are_only_for_routes_that_there_are_and_that_write_nothing()
    {
        await using var app = Product.NotStarted();
        var routes = RouteCall.Of(app).Where(r => !r.IsRead).ToDictionary(r => r.Name + (r.Name is "ReturnRoute" ? r.Method : ""), StringComparer.Ordinal);
        foreach (var name in NeedNone.Keys.Where(n => n is not "ReturnRoute")) routes.ShouldContainKey(name);
    }

    [Fact]
    public async Task A_route_that_is_not_audited_is_reported()
    {
        await using var app = Product.NotStarted();
        app.MapPost("/api/v1/planted", async (Guildhall.Foundation.Data.Database database) => await database.Change("update marketplace.providers set bio = ''")).WithName("Planted").RequiresSignIn();
        Guard.Reports(Check(RouteCall.Of(app)), "Planted writes nothing to the audit trail");
    }

    [Fact]
    [Covers("I-13")]
    public async Task The_list_of_what_each_route_notes_is_what_the_code_says()
    {
        await using var app = Product.NotStarted();
        var lines = RouteCall.Of(app).Where(r => !r.IsRead).Select(r => $"{r.Method,-6} {r.Pattern}  {(NeedNone.TryGetValue(r.Name, out var why) ? "nothing: " + why : string.Join(' ', Noted(r)))}");
        Snapshot.Matches("tests/Guildhall.Tests/Snapshots/audited.txt", string.Join('\n', lines.Order(StringComparer.Ordinal)));
    }

    private static IEnumerable<Violation> Check(IEnumerable<RouteCall> routes) =>
        from route in routes
        where !route.IsRead && !NeedNone.ContainsKey(route.Name) && Noted(route).Count == 0
        select new Violation(route.ToString(), $"{route.Name} writes nothing to the audit trail");

    private static IReadOnlyCollection<string> Noted(RouteCall route) =>
        (route.Endpoint.Metadata.GetMetadata<HandledBy>()?.Method ?? route.Handler) is MethodInfo handler ? CallGraph.Audits(handler) : [];
}
