using Guildhall.Foundation;
using Guildhall.Foundation.Settings;

namespace Guildhall.Operations.SettingsAdmin;

/// <summary>Settings for the search of the staff, by any part of the key. The keys are the product's own; nothing is read.</summary>
internal static class FindSettings
{
    public static SearchPart Part(SettingBook book) => new("settings", OperationsPermissions.SettingsChange, (_, text, _) => Task.FromResult<IReadOnlyList<SearchHit>>(
        [.. book.Settings.Where(s => s.Key.Contains(text, StringComparison.OrdinalIgnoreCase)).OrderBy(s => s.Key, StringComparer.Ordinal).Take(SearchPart.Most + 1)
            .Select(s => new SearchHit(s.Key, s.Key, s.Says, null, $"/console/settings/{s.Key}"))]));
}
