using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Web.Components.Feedback;
using Guildhall.Web.Components.Text;
using Guildhall.Web.Pages.Parts;
using Microsoft.AspNetCore.Antiforgery;

namespace Guildhall.Web.Pages.Console.Parts;

/// <summary>A form the staff sent. Done goes on with a sentence; refused goes back with the sentence and what was typed.</summary>
internal sealed class PostedForm(HttpContext http, IFormCollection fields)
{
    private const int MaxField = 4000;

    public HttpContext Http => http;

    public Caller Caller => http.Caller();

    public CancellationToken Stop => http.RequestAborted;

    public Database Database => Get<Database>();

    public T Get<T>() where T : notnull => http.RequestServices.GetRequiredService<T>();

    /// <summary>A field without white space around it; empty when it was not sent.</summary>
    public string this[string name] => fields[name] is [{ Length: <= MaxField } text] ? text.Trim() : "";

    /// <summary>A field of many lines, whole; one character more than the most when it is longer, so that nothing is taken for all there was.</summary>
    public string Long(string name, int most) => fields[name] is [{ } text] ? text.ReplaceLineEndings("\n") is var lines && lines.Length > most ? lines[..(most + 1)] : lines : "";

    /// <summary>A file that was sent and is not empty.</summary>
    public IFormFile? File(string name) => fields.Files.GetFile(name) is { Length: > 0 } file ? file : null;

    public int Number(string name) => int.TryParse(this[name], out var number) ? number : -1;

    /// <summary>The id in the address.</summary>
    public TId Id<TId>() where TId : struct, IId<TId> =>
        Foundation.Id.TryParse<TId>(http.Request.RouteValues["id"]?.ToString(), out var id) ? id : throw new BadHttpRequestException("There is nothing here.", 404);

    public string Route(string name) => http.Request.RouteValues[name]?.ToString() ?? "";

    public IResult Done(string to, string said)
    {
        Flash.Say(http, said);
        return new SeeOther(to);
    }

    /// <summary>Goes on with a sentence that is bad news.</summary>
    public IResult Warned(string to, string said)
    {
        Flash.Say(http, said, Tone.Bad);
        return new SeeOther(to);
    }

    /// <summary>Every value of a field that may be given several times.</summary>
    public IReadOnlyList<string> All(string name) => [.. fields[name].OfType<string>().Where(v => v.Length is > 0 and <= MaxField).Take(100)];

    /// <summary>Back to the form, which shows the sentence at the field (or on top) and keeps what was typed.</summary>
    public IResult Refused(string back, Refusal refusal, string field = "", params ReadOnlySpan<string> keep)
    {
        var sentence = RefusalWords.Say(refusal, "en");
        Keep(field, sentence, keep);
        Flash.Say(http, sentence, Tone.Bad);
        return new SeeOther(back);
    }

    /// <summary>Back to the form with what was typed, and nothing to object.</summary>
    public IResult ShownAgain(string back, params ReadOnlySpan<string> keep)
    {
        Keep(field: "", sentence: "", keep);
        return new SeeOther(back);
    }

    private void Keep(string field, string sentence, ReadOnlySpan<string> names)
    {
        var kept = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in names) kept[name] = this[name];
        Draft.Keep(http, new Draft(http.Request.Path, field, sentence, kept));
    }

}

internal static class FormRoutes
{
    /// <summary>Maps the POST of a console form: permission, antiforgery, name. Those that move money add <c>.Idempotent()</c>.</summary>
    public static RouteHandlerBuilder MapForm(this IEndpointRouteBuilder app, string pattern, string name, Permission permission, Func<PostedForm, Task<IResult>> handle) => app
        .MapPost(pattern, async (HttpContext http) =>
        {
            if (http.Features.Get<IAntiforgeryValidationFeature>() is not { IsValid: true } || !http.Request.HasFormContentType) return FoundationRefusals.AntiforgeryFailed.ToHttp();
            return await handle(new PostedForm(http, await http.Request.ReadFormAsync(http.RequestAborted)));
        })
        .WithName(name).Requires(permission).WithMetadata(new RequireAntiforgeryTokenAttribute(), new HandledBy(handle.Method)).ExcludeFromDescription();
}
