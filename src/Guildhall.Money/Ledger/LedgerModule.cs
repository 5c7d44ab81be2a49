using Guildhall.Foundation;
using Guildhall.Money.Ledger.Exchange;
using Guildhall.Money.Ledger.Periods;
using Guildhall.Money.Ledger.Seal;
using Guildhall.Money.Ledger.Statements;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Guildhall.Money.Ledger;

/// <summary>What this capability adds to the module's doors.</summary>
internal static class LedgerModule
{
    public static void AddLedger(this IServiceCollection services)
    {
        services.AddSetting(MoneySettings.FxRateMaxAge);
        services.AddSingleton<CheckpointFile>();
        services.AddHostedService(s => s.GetRequiredService<CheckpointFile>());
        services.AddOutsideJob<KeepBooks>(KeepBooks.Run);
        services.AddRecurring("keep-books", KeepBooks.Every, tx => tx.Enqueue(new KeepBooks(), uniqueKey: "one"));
        services.AddJob<FreezePeriod>(FreezePeriod.Run);
    }

    public static void Map(IEndpointRouteBuilder api, IEndpointRouteBuilder ledger, IEndpointRouteBuilder providers)
    {
        ReadTrialBalance.Map(ledger);
        ListLedgerAccounts.Map(ledger);
        ReadAccountLines.Map(ledger);
        ListPeriods.Map(ledger);
        ClosePeriod.Map(ledger);
        RecordRate.Map(ledger);
        ConvertMoney.Map(ledger);
        ListConversions.Map(ledger);
        ReadStatement.Map(ledger);
        ReadReceipt.Map(ledger);
        ReadSeal.Map(ledger);

        ReadAccountLines.MapOwn(providers);
        ListStatements.MapOwn(providers);
        ReadStatement.MapOwn(providers);
        ReadReceipt.MapOwn(providers);

        SealKeys.Map(api);
    }
}
