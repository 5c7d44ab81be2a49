using System.Text.Json;
using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Foundation.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Operations.SettingsAdmin;

/// <summary>Changes a setting if it still has the version the person saw; the reason is kept with the change and in the audit trail.</summary>
public static class ChangeSetting
{
    private const int MaxWhy = 500;

    public sealed record Body(JsonElement Value, int SeenVersion, string Why);

    internal static void Map(IEndpointRouteBuilder admin) => admin
        .MapPatch("/settings/{key}", async (string key, Body body, Caller caller, Database database, SettingBook book, CancellationToken stop) =>
            (await database.InTransaction(tx => Run(tx, caller, book, key, body), stop)).ToHttp())
        .Produces<SettingValues.Stored>().WithName(nameof(ChangeSetting)).Requires(OperationsPermissions.SettingsChange);

    public static async Task<Result<SettingValues.Stored>> Run(Transaction tx, Caller caller, SettingBook book, string key, Body body)
    {
        if (book.Find(key) is not { } setting) return FoundationRefusals.SettingUnknown;
        var why = body.Why.Trim();
        if (why.Length is 0 or > MaxWhy) return OperationsRefusals.WhyMissing;
        return await SettingValues.Change(tx, caller, setting, body.Value, body.SeenVersion, why);
    }
}
