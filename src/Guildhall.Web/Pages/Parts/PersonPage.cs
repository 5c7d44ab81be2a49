using System.Diagnostics.CodeAnalysis;
using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Security;
using Guildhall.Web.Components;
using Guildhall.Web.Components.Text;
using Microsoft.AspNetCore.Components;

namespace Guildhall.Web.Pages.Parts;

/// <summary>What every page of customers and providers has at hand.</summary>
public abstract class PersonPage : ComponentBase
{
    /// <summary>Who reads, and how.</summary>
    [CascadingParameter] public required Reader Reader { get; set; }

    /// <summary>The request.</summary>
    [CascadingParameter] public required HttpContext Http { get; set; }

    [Inject] internal Database Database { get; set; } = null!;

    [Inject] internal NavigationManager Navigation { get; set; } = null!;

    [Inject] internal TimeProvider Clock { get; set; } = null!;

    /// <summary>Why the page cannot be shown; the page then shows only this.</summary>
    protected Refusal? No { get; private set; }

    /// <summary>Who asks.</summary>
    protected Caller Caller => Http.Caller();

    /// <summary>The time on the page.</summary>
    protected DateTimeOffset Now => Clock.GetUtcNow();

    /// <summary>Ends when the reader goes away.</summary>
    protected CancellationToken Stop => Http.RequestAborted;

    /// <summary>The wording for the reader.</summary>
    protected string T(string en, string ar) => Reader.Language == "ar" ? AmountFormat.InRightToLeft(ar) : en;

    /// <summary>The value, or false with the page refused and the answer's status set.</summary>
    protected bool Got<T>(Result<T> result, [NotNullWhen(true)] out T? value)
    {
        if (result.Is(out value, out var refusal)) return true;
        No = refusal;
        Http.Response.StatusCode = refusal.Status;
        Http.Features.Set(new PageRefused(refusal));
        return false;
    }

    /// <summary>This address with some of its parts changed; null takes one away.</summary>
    protected string Here(params (string Name, object? Value)[] changes) =>
        new Uri(Navigation.GetUriWithQueryParameters(changes.ToDictionary(c => c.Name, c => c.Value, StringComparer.Ordinal))).PathAndQuery;
}
