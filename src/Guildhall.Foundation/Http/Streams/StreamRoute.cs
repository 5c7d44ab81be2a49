using System.Globalization;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Foundation.Http;

/// <summary><c>GET /events?topics=name:argument,name</c>: server-sent events. The id of each event is the position in every topic, so that a
/// browser that comes back with <c>Last-Event-ID</c> misses nothing and sees nothing twice; <c>after=</c> says the same for a first visit.</summary>
public static class StreamRoute
{
    private const int MaxTopics = 20;

    internal sealed record Wanted(string Name, StreamTopic Topic, string Argument, long After);

    public static void Map(IEndpointRouteBuilder routes) => routes
        .MapGet("/events", async (HttpContext http, Caller caller, StreamHub hub, Database database, IServiceProvider services, string topics = "", string? after = null) =>
        {
            if ((await Resolve(http, caller, hub, database, topics, after)).Is(out var wanted, out var refusal) is false)
            {
                await Problems.Write(http, refusal);
                return;
            }
            var stream = new OpenStream(http, hub, database, services.GetService(typeof(StreamGuard)) as StreamGuard, caller);
            if (!hub.TryOpen(stream)) { await Problems.Write(http, FoundationRefusals.TooManyStreams); return; }
            try { await stream.Run(wanted); }
            finally { hub.Close(stream); }
        })
        .Produces(200, contentType: "text/event-stream").WithName("Events").RequiresSignIn().Limited(RateClass.Stream);

    private static async Task<Result<List<Wanted>>> Resolve(HttpContext http, Caller caller, StreamHub hub, Database database, string topics, string? after)
    {
        var positions = Positions(http.Request.Headers["Last-Event-ID"].FirstOrDefault() is { Length: > 0 } last ? last : after ?? "");
        var wanted = new List<Wanted>();
        foreach (var name in topics.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct(StringComparer.Ordinal).Take(MaxTopics + 1))
        {
            var at = name.IndexOf(':', StringComparison.Ordinal);
            var unknown = FoundationRefusals.StreamTopicUnknown.With(("topic", name.Length <= 100 ? name : null));
            if (wanted.Count == MaxTopics || hub.Topic(at < 0 ? name : name[..at]) is not { } topic || topic.IsPersonal != at < 0) return unknown;
            var argument = topic.IsPersonal ? caller.AccountKey() : name[(at + 1)..];
            if (argument.Length is 0 or > 100 || !argument.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-')) return unknown;
            if (!await topic.MayFollow(database, caller, argument, http.RequestAborted)) return unknown;
            wanted.Add(new Wanted(name, topic, argument, positions.GetValueOrDefault(name)));
        }
        return wanted.Count > 0 ? wanted : FoundationRefusals.StreamTopicUnknown;
    }

    private static Dictionary<string, long> Positions(string text)
    {
        var positions = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var part in text.Split(',').Take(MaxTopics))
            if (part.LastIndexOf('=') is > 0 and var at && long.TryParse(part.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var seq)) positions[part[..at].Trim()] = seq;
        return positions;
    }
}
