using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Jobs;
using Guildhall.Money.Gateways.Stripe;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Guildhall.Money.Reconciliation;

/// <summary>What this capability adds to its module.</summary>
internal static class ReconciliationParts
{
    public static void AddReconciliation(this IServiceCollection services)
    {
        services.AddSingleton<IGatewayReports, StripeReports>();
        services.AddSetting(MoneySettings.ExceptionTeam);
        services.AddSetting(MoneySettings.ExceptionDueDays);
        services.AddSetting(MoneySettings.LateHours);
        services.AddSetting(MoneySettings.BankDays);
        services.AddOutsideJob<Reconcile>(Reconcile.Work);
        services.AddOutsideJob<EndUploads>(EndUploads.Run);
        services.AddRecurring("end-uploads", TimeSpan.FromMinutes(1), tx => tx.Enqueue(new EndUploads(), uniqueKey: "one"));
        services.AddJob<DailyReconciliation>(DailyReconciliation.Run);
        services.AddSingleton(s => new Recurring("reconcile-gateways", TimeSpan.FromHours(1), (Transaction tx) => DailyReconciliation.Plan(tx, s.GetServices<IGatewayReports>())));
    }

    public static void MapReconciliation(this IEndpointRouteBuilder admin)
    {
        ReceiveReport.Map(admin);
        ReadWindow.Map(admin);
        StartReport.Map(admin);
        DiscardReport.Map(admin);
        ReadReconciliation.Map(admin);
        ListExceptions.Map(admin);
        AssignException.Map(admin);
        CommentException.Map(admin);
        ExplainException.Map(admin);
        SetGatewayFee.Map(admin);
        SetExplainRule.Map(admin);
        ReadClearing.Map(admin);
        ReadPaymentHealth.Map(admin);
    }
}
