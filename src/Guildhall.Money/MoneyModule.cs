using Guildhall.Foundation;
using Guildhall.Money.Approvals;
using Guildhall.Money.Balances;
using Guildhall.Money.Fees;
using Guildhall.Money.Gateways;
using Guildhall.Money.Gateways.Stripe;
using Guildhall.Money.Invoices;
using Guildhall.Money.Orders;
using Guildhall.Money.Payments;
using Guildhall.Money.Payouts;
using Guildhall.Money.Quarantine;
using Guildhall.Money.Reconciliation;
using Guildhall.Money.Refunds;
using Guildhall.Money.Risk;
using Guildhall.Money.Settlements;
using Guildhall.Money.Withdrawals;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Guildhall.Money;

/// <summary>The doors of this module.</summary>
public static class MoneyModule
{
    public static void AddMoney(this IServiceCollection services, StripeOptions stripe)
    {
        services.AddSingleton(stripe);
        services.AddSingleton(_ => new StripeApi(new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false, ConnectTimeout = TimeSpan.FromSeconds(5), PooledConnectionLifetime = TimeSpan.FromMinutes(5), MaxConnectionsPerServer = 64,
        }) { Timeout = TimeSpan.FromSeconds(20), MaxResponseContentBufferSize = 1024 * 1024 }, stripe));
        services.AddSingleton<IGateway, StripeGateway>();
        services.AddSingleton<IPayoutRail, StripePayouts>();
        services.AddSingleton<Rails>();
        services.AddSingleton<GatewayBook>();
        services.AddInvoices();
        services.AddSetting(MoneySettings.PlatformFee);
        services.AddSetting(MoneySettings.Gateways);
        services.AddSetting(MoneySettings.PlatformFeeTax);
        services.AddSetting(MoneySettings.DestinationCoolingHours);
        services.AddSetting(MoneySettings.Risk);
        services.AddSingleton(s => ProcessWebhook.Register(s.GetRequiredService<GatewayBook>()));
        services.AddOutsideJob<CheckPayment>(CheckPayment.Run);
        services.AddOutsideJob<AskOnce>(AskOnce.Run);
        services.AddOutsideJob<SendCapture>(SendCapture.Run);
        services.AddOutsideJob<SendBack>(SendBack.Run);
        services.AddSetting(MoneySettings.UnmatchedAlert);
        services.AddSetting(MoneySettings.ClockDoubtAlert);
        services.AddJob<PayFreeOrder>(PayFreeOrder.Run);
        services.AddOutsideJob<CloseAtGateway>(CloseAtGateway.Run);
        services.AddOutsideJob<SendRefund>(SendRefund.Run);
        services.AddOutsideJob<SendPayout>(SendPayout.Run);
        services.AddOutsideJob<TakeBackPayout>(TakeBackPayout.Run);
        services.AddReconciliation();
        services.AddReaction<WithdrawalChanged>(WhenWithdrawalChanged.Tell);
        services.AddSingleton(s => new ApprovalBook(s.GetServices<ApprovalKind>()));
        services.AddSingleton(RecordSettlement.Approval);
        services.AddSingleton(RecordRefundPaid.Approval);
    }

    /// <summary>Maps the API below <paramref name="api"/> (<c>/api/v1</c>).</summary>
    public static void MapMoney(this IEndpointRouteBuilder api)
    {
        var orders = api.MapGroup("/orders");
        ReadOrder.Map(orders);
        StartPayment.Map(orders);

        var payments = api.MapGroup("/payments");
        ReadPayment.Map(payments);
        ReadTimeline.Map(payments);
        CancelPayment.Map(payments);
        CapturePayment.Map(payments);
        VoidPayment.Map(payments);
        RequestRefund.Map(payments);

        var providers = api.MapGroup("/providers");
        ReadBalance.Map(providers);
        SetDestination.Map(providers);

        var withdrawals = api.MapGroup("/withdrawals");
        RequestWithdrawal.Map(withdrawals);
        CancelWithdrawal.Map(withdrawals);
        ListWithdrawals.Map(withdrawals);

        var admin = api.MapGroup("/admin");
        ListPayments.Map(admin);
        ListQuarantine.Map(admin);
        ResolveQuarantine.Map(admin);
        ListWebhooks.Map(admin);
        ReplayWebhook.Map(admin);
        ListWithdrawals.MapAdmin(admin);
        ApproveWithdrawal.Map(admin);
        RejectWithdrawal.Map(admin);
        ListApprovals.Map(admin);
        DecideApproval.Map(admin);
        RecordSettlement.Map(admin);
        RecordRefundPaid.Map(admin);
        FeeRules.Map(admin);
        SetFeeRule.Map(admin);

        admin.MapReconciliation();
        DecideReview.Map(admin);
        ListReviews.Map(admin);
        ReplayDecision.Map(admin);
        RiskBlocks.Map(admin);

        ReceiveWebhook.Map(api);
    }
}
