using Microsoft.AspNetCore.Components;

namespace Guildhall.Web.Components.Design;

/// <summary>A page of the workshop: outside Development and sandbox mode it does not exist.</summary>
public abstract class DesignOnly : ComponentBase
{
    /// <summary>Who reads.</summary>
    [CascadingParameter] public required Reader Reader { get; set; }

    [Inject] internal IHostEnvironment Environment { get; set; } = null!;

    [Inject] internal NavigationManager Navigation { get; set; } = null!;

    [Inject] internal TimeProvider Clock { get; set; } = null!;

    /// <summary>The time on the page.</summary>
    protected DateTimeOffset Now => Clock.GetUtcNow();

    /// <inheritdoc />
    protected override void OnInitialized()
    {
        if (!Environment.IsDevelopment() && Reader.Demo is null) Navigation.NotFound();
    }
}
