using System.Text.Json;
using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Operations.SettingsAdmin;

/// <summary>Every setting with its value in force, and the history of one.</summary>
public static class ListSettings
{
    /// <param name="Version">Send it back as <c>seenVersion</c>; 0 while the default holds.</param>
    public sealed record Item(string Key, string Says, string Unit, JsonElement Value, JsonElement Default, int Version, DateTimeOffset? ChangedAt);

    internal static void Map(IEndpointRouteBuilder admin)
    {
        admin.MapGet("/settings", async (Database database, SettingBook book, CancellationToken stop) => TypedResults.Json(await Run(database, book, stop), JsonRules.Options))
            .Produces<IReadOnlyList<Item>>().WithName(nameof(ListSettings)).Requires(OperationsPermissions.SettingsChange);
        admin.MapGet("/settings/{key}/history", async (string key, Database database, SettingBook book, CancellationToken stop) => (await History(database, book, key, stop)).ToHttp())
            .Produces<IReadOnlyList<SettingValues.Past>>().WithName("SettingHistory").Requires(OperationsPermissions.SettingsChange);
    }

    public static async Task<IReadOnlyList<Item>> Run(Database database, SettingBook book, CancellationToken stop) =>
        [.. (await SettingValues.All(database, book, stop)).Select(stored => (Stored: stored, Setting: book.Find(stored.Key)!))
            .Select(s => new Item(s.Stored.Key, s.Setting.Says, s.Setting.Unit, s.Stored.Value, s.Setting.DefaultJson, s.Stored.Version, s.Stored.ChangedAt))];

    /// <summary>The last fifty changes, newest first.</summary>
    public static async Task<Result<SettingValues.Past[]>> History(Database database, SettingBook book, string key, CancellationToken stop) =>
        book.Find(key) is null ? FoundationRefusals.SettingUnknown : (SettingValues.Past[])[.. await SettingValues.History(database, key, stop)];
}
