using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Accounts;
using Guildhall.Web.Components;
using Guildhall.Web.Components.Text;
using Microsoft.AspNetCore.Components;

namespace Guildhall.Web.Pages.Console.Parts;

/// <summary>What every page of the staff has at hand.</summary>
public abstract class ConsolePage : ComponentBase
{
    /// <summary>Who reads, and how.</summary>
    [CascadingParameter] public required Reader Reader { get; set; }

    /// <summary>The request.</summary>
    [CascadingParameter] public required HttpContext Http { get; set; }

    [Inject] internal Database Database { get; set; } = null!;

    [Inject] internal NavigationManager Navigation { get; set; } = null!;

    [Inject] internal TimeProvider Clock { get; set; } = null!;

    /// <summary>Who asks.</summary>
    protected Caller Caller => Http.Caller();

    /// <summary>The time on the page.</summary>
    protected DateTimeOffset Now => Clock.GetUtcNow();

    /// <summary>Ends when the reader goes away.</summary>
    protected CancellationToken Stop => Http.RequestAborted;

    /// <summary>A page is drawn once, when everything it shows has been read; nothing is streamed in later.</summary>
    public override async Task SetParametersAsync(ParameterView parameters)
    {
        parameters.SetParameterProperties(this);
        OnInitialized();
        await OnInitializedAsync();
        StateHasChanged();
    }

    /// <summary>The wording for the reader.</summary>
    protected string T(string en, string ar) => Reader.Language == "ar" ? ar : en;

    /// <summary>An amount inside a sentence, kept together in text that runs the other way.</summary>
    protected string Figure(Amount amount) => Reader.Language == "ar" ? $"\u2066{amount.Words()}\u2069" : amount.Words();

    /// <summary>The people behind these ids.</summary>
    protected Task<IReadOnlyDictionary<Guid, AccountSummary>> People(IEnumerable<Guid> ids) => Accounts.Summaries(Database, [.. ids.Distinct()], Stop);

    /// <summary>This address with some of its parts changed; null takes one away.</summary>
    protected string Here(params (string Name, object? Value)[] changes) =>
        new Uri(Navigation.GetUriWithQueryParameters(changes.ToDictionary(c => c.Name, c => c.Value, StringComparer.Ordinal))).PathAndQuery;
}
