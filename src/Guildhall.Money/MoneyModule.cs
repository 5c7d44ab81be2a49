using Guildhall.Foundation;
using Guildhall.Foundation.Jobs;
using Guildhall.Money.Approvals;
using Guildhall.Money.Balances;
using Guildhall.Money.Fees;
using Guildhall.Money.Disputes;
using Guildhall.Money.Escrow;
using Guildhall.Money.Gateways;
using Guildhall.Money.Gateways.Stripe;
using Guildhall.Money.Invoices;
using Guildhall.Money.Ledger;
using Guildhall.Money.Methods;
using Guildhall.Money.Orders;
using Guildhall.Money.Payments;
using Guildhall.Money.Payouts;
using Guildhall.Money.Quarantine;
using Guildhall.Money.Reconciliation;
using Guildhall.Money.Refunds;
using Guildhall.Money.Risk;
using Guildhall.Money.Settlements;
using Guildhall.Money.Reserves;
using Guildhall.Money.Withdrawals;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Guildhall.Money;

/// <summary>The doors of this module.</summary>
public static class MoneyModule
{
    public static void AddMoney(this IServiceCollection services, StripeOptions stripe, BankOptions? bank = null)
    {
        services.AddPermissions(typeof(MoneyPermissions));
        services.AddPersonalData(MoneyPersonalData.Part);
        OwnedThings.AddTo(services);
        FindMoney.AddTo(services);
        services.AddSingleton(bank ?? BankOptions.None);
        services.AddSingleton(stripe);
        services.AddSingleton<GatewayCalls>();
        services.AddSingleton<GatewayMeter>();
        GatewayMeter.React(services);
        services.AddHostedService<CountGatewayCalls>();
        services.AddSingleton(s => new StripeApi(new GatewayHttp("stripe", s.GetRequiredService<GatewayCalls>()), stripe));
        services.AddSingleton<IGateway, StripeGateway>();
        services.AddSingleton<IPayoutRail, StripePayouts>();
        services.AddSingleton<IPayoutRail, BankFileRail>();
        services.AddSingleton<Rails>();
        services.AddSingleton<GatewayBook>();
        services.AddInvoices();
        services.AddSingleton<IGatewayDisputes, StripeDisputes>();
        services.AddSingleton<DisputeDesks>();
        services.AddSetting(MoneySettings.PlatformFee);
        services.AddSetting(MoneySettings.Gateways);
        services.AddSetting(MoneySettings.PlatformFeeTax);
        services.AddSetting(MoneySettings.DestinationCoolingHours);
        services.AddSetting(MoneySettings.BankFileVersion);
        services.AddSetting(MoneySettings.BankFileCurrencies);
        services.AddSetting(MoneySettings.DestinationAlertHours);
        services.AddSetting(MoneySettings.DestinationAgeHours);
        services.AddSetting(MoneySettings.PayoutFee);
        services.AddSetting(MoneySettings.SecondApproval);
        services.AddSetting(MoneySettings.WithdrawalPerDay);
        services.AddSetting(MoneySettings.WithdrawalMaximum);
        services.AddSetting(MoneySettings.WithdrawalMinimum);
        services.AddSetting(MoneySettings.Risk);
        services.AddSingleton(s => ProcessWebhook.Register(s.GetRequiredService<GatewayBook>()));
        services.AddOutsideJob<CheckPayment>(CheckPayment.Run);
        services.AddOutsideJob<AskOnce>(AskOnce.Run);
        services.AddOutsideJob<SendCapture>(SendCapture.Run);
        services.AddOutsideJob<SendBack>(SendBack.Run);
        services.AddOutsideJob<KeepMethod>(KeepMethod.Run);
        services.AddOutsideJob<PayInvoiceByItself>(PayInvoiceByItself.Run);
        services.AddOutsideJob<ForgetMethod>(ForgetMethod.Run);
        services.AddOutsideJob<AskAboutMethod>(AskAboutMethod.Run);
        services.AddSetting(MoneySettings.UnmatchedAlert);
        services.AddSetting(MoneySettings.ClockDoubtAlert);
        services.AddJob<PayFreeOrder>(PayFreeOrder.Run);
        services.AddOutsideJob<CloseAtGateway>(CloseAtGateway.Run);
        services.AddOutsideJob<SendRefund>(SendRefund.Run);
        services.AddOutsideJob<SendPayout>(SendPayout.Run);
        services.AddOutsideJob<TakeBackPayout>(TakeBackPayout.Run);
        services.AddReconciliation();
        services.AddLedger();
        services.AddSetting(MoneySettings.DisputeFeeBearer);
        services.AddSetting(MoneySettings.RollingReserve);
        services.AddSetting(MoneySettings.RollingReserveDays);
        services.AddSetting(MoneySettings.DisputeWindowDays);
        services.AddOutsideJob<CheckDispute>(CheckDispute.Run);
        services.AddOutsideJob<LookForDisputes>(LookForDisputes.Run);
        services.AddSingleton(s => new Recurring("look-for-disputes", LookForDisputes.Every, tx => LookForDisputes.Plan(tx, s.GetRequiredService<DisputeDesks>())));
        services.AddOutsideJob<SendEvidence>(SendEvidence.Run);
        services.AddOutsideJob<CloseDispute>(CloseDispute.Run);
        services.AddJob<RemindOfDispute>(RemindOfDispute.Run);
        services.AddJob<ReleaseReserve>(ReleaseReserve.Run);
        services.AddReaction<DisputeChanged>(WhenDisputeChanged.Tell);
        services.AddJob<CloseBatch>(CloseBatch.Run);
        services.AddReaction<WithdrawalChanged>(WhenWithdrawalChanged.Tell);
        services.AddSingleton(s => new ApprovalBook(s.GetServices<ApprovalKind>()));
        services.AddSingleton(RecordSettlement.Approval);
        services.AddSingleton(WriteOffDebt.Approval);
        services.AddSingleton(RecordRefundPaid.Approval);
        services.AddSingleton(RecordRefundOutcome.Approval);
        services.AddSingleton(s => RecordPayoutOutcome.Approval(s.GetRequiredService<Rails>()));
    }

    /// <summary>Maps the API below <paramref name="api"/> (<c>/api/v1</c>).</summary>
    public static void MapMoney(this IEndpointRouteBuilder api)
    {
        api.ServiceProvider.GetRequiredService<GatewayMeter>().Begin(api.ServiceProvider.GetServices<IGateway>());
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

        var methods = api.MapGroup("/payment-methods");
        ListMethods.Map(methods);
        ChooseMethod.Map(methods);
        RemoveMethod.Map(methods);
        LetPayInvoices.Map(methods);

        var providers = api.MapGroup("/providers");
        SetDestination.Map(providers);
        ConfirmDestination.Map(providers);

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
        DecideWithdrawals.Map(admin);
        ListApprovals.Map(admin);
        DecideApproval.Map(admin);
        RecordSettlement.Map(admin);
        RecordRefundPaid.Map(admin);
        RecordRefundOutcome.Map(admin);
        FeeRules.Map(admin);
        SetFeeRule.Map(admin);
        ResumeWithdrawal.Map(admin);
        ReadBatches.Map(admin);
        BuildBatch.Map(admin);
        ApproveBatch.Map(admin);
        DiscardBatch.Map(admin);
        SendBatch.Map(admin);
        RecordBankResult.Map(admin);
        RecordPayoutOutcome.Map(admin);

        admin.MapReconciliation();
        LedgerModule.Map(api, admin.MapGroup("/ledger"), providers);
        ReadBalance.Map(providers, admin);
        ListBalanceLines.Map(providers, admin);
        ReportExposure.Map(admin);
        WriteOffDebt.Map(admin);
        HoldOrder.Map(orders);
        PreviewPosting.Map(orders, payments, admin);
        var disputes = api.MapGroup("/admin/disputes");
        ListDisputes.Map(disputes);
        ReadDispute.Map(disputes);
        AnswerDispute.Map(disputes);
        AcceptDispute.Map(disputes);
        api.MapInvoices();
        DecideReview.Map(admin);
        ListReviews.Map(admin);
        ReplayDecision.Map(admin);
        RiskBlocks.Map(admin);

        ReceiveWebhook.Map(api);
    }
}
