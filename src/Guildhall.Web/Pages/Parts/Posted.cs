using System.Text.Json;
using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Web.Components;
using Guildhall.Web.Components.Feedback;
using Guildhall.Web.Components.Text;
using Microsoft.AspNetCore.Antiforgery;

namespace Guildhall.Web.Pages.Parts;

/// <summary>A form a person sent. Done goes on with a sentence; refused goes back with the errors and what was typed.</summary>
internal sealed class Posted(HttpContext http, IFormCollection fields)
{
    private const int MaxField = 4000;
    private const int MaxJson = 16_000;
    private Reader? _reader;

    public HttpContext Http => http;

    public Caller Caller => http.Caller();

    public CancellationToken Stop => http.RequestAborted;

    public Database Database => Get<Database>();

    /// <summary>Who sent it, and how they read.</summary>
    public Reader Reader => _reader ??= Reader.Of(http);

    public T Get<T>() where T : notnull => http.RequestServices.GetRequiredService<T>();

    /// <summary>A field as it was sent, without its white space; empty when it was not sent or is longer than any field may be.</summary>
    public string this[string name] => Exactly(name).Trim();

    /// <summary>What follows this beginning in the names of the boxes that were ticked; at most 100.</summary>
    public IReadOnlyList<string> Ticked(string beginning) =>
        [.. fields.Keys.Where(k => k.StartsWith(beginning, StringComparison.Ordinal) && this[k] == "true").Select(k => k[beginning.Length..]).Take(100)];

    /// <summary>A file that was sent and is not empty.</summary>
    public IFormFile? File(string name) => fields.Files.GetFile(name) is { Length: > 0 } file ? file : null;

    /// <summary>A field with its white space: passwords.</summary>
    public string Exactly(string name) => fields[name] is [{ Length: <= MaxField } text] ? text : "";

    /// <summary>A field that script filled with JSON; null when it is none, or longer than a field may be that nobody types.</summary>
    public JsonElement? Json(string name)
    {
        if (fields[name] is not [{ Length: > 0 and <= MaxJson } text]) return null;
        try { return JsonSerializer.Deserialize<JsonElement>(text, JsonRules.Options); }
        catch (JsonException) { return null; }
    }

    /// <summary>The id in the address.</summary>
    public TId Id<TId>(string name = "id") where TId : struct, IId<TId> =>
        Foundation.Id.TryParse<TId>(http.Request.RouteValues[name]?.ToString(), out var id) ? id : throw new BadHttpRequestException("There is nothing here.", 404);

    /// <summary>The wording for who sent it.</summary>
    public string T(string en, string ar) => Reader.Language == "ar" ? AmountFormat.InRightToLeft(ar) : en;

    public IResult Done(string to, string? said = null, Tone tone = Tone.Good)
    {
        if (said is not null) Flash.Say(http, said, tone);
        return new SeeOther(to);
    }

    /// <summary>Back to the form, which shows the errors and keeps what was typed in the fields named.</summary>
    public IResult Refused(string back, Refusal refusal, params ReadOnlySpan<string> keep)
    {
        var kept = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in keep) kept[name] = this[name];
        Kept.Keep(http, new Kept(http.Request.Path, RefusalWords.Errors(refusal, Reader.Language), kept));
        return new SeeOther(back);
    }

    /// <summary>Back to a page without a form of its own: the sentence is said there.</summary>
    public IResult Sorry(string back, Refusal refusal)
    {
        Flash.Say(http, RefusalWords.Say(refusal, Reader.Language), Tone.Bad);
        return new SeeOther(back);
    }
}

/// <summary>The answer to a form: look there.</summary>
internal sealed record SeeOther(string To) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = StatusCodes.Status303SeeOther;
        httpContext.Response.Headers.Location = Sendable(To);
        return Task.CompletedTask;
    }

    // A header carries ASCII; an address may hold a name in any script.
    private static string Sendable(string address) => !address.AsSpan().ContainsAnyExceptInRange('!', '~') ? address
        : string.Concat(address.EnumerateRunes().Select(r => r.Value is >= '!' and <= '~' ? r.ToString() : Uri.EscapeDataString(r.ToString())));
}

internal static class PostedRoutes
{
    /// <summary>Maps the POST of a form with its antiforgery check. The rule is said by the one who maps it; what moves money is idempotent besides.</summary>
    public static RouteHandlerBuilder MapPosted(this IEndpointRouteBuilder app, string pattern, string name, Func<Posted, Task<IResult>> handle) => app
        .MapPost(pattern, async (HttpContext http) =>
        {
            if (http.Features.Get<IAntiforgeryValidationFeature>() is not { IsValid: true } || !http.Request.HasFormContentType) return FoundationRefusals.AntiforgeryFailed.ToHttp();
            await SignedInReader.Set(http, counted: false);
            return await handle(new Posted(http, await http.Request.ReadFormAsync(http.RequestAborted)));
        })
        .WithName(name).WithMetadata(new RequireAntiforgeryTokenAttribute(), new HandledBy(handle.Method)).ExcludeFromDescription();
}
