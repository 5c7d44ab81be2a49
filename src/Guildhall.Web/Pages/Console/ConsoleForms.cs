using Guildhall.Web.Pages.Console.Absences;
using Guildhall.Web.Pages.Console.Applications;
using Guildhall.Web.Pages.Console.Approvals;
using Guildhall.Web.Pages.Console.Audit;
using Guildhall.Web.Pages.Console.Balances;
using Guildhall.Web.Pages.Console.Bulk;
using Guildhall.Web.Pages.Console.Categories;
using Guildhall.Web.Pages.Console.Deliveries;
using Guildhall.Web.Pages.Console.Disputes;
using Guildhall.Web.Pages.Console.Fees;
using Guildhall.Web.Pages.Console.Integrations;
using Guildhall.Web.Pages.Console.Invitations;
using Guildhall.Web.Pages.Console.Invoices;
using Guildhall.Web.Pages.Console.Jobs;
using Guildhall.Web.Pages.Console.Ledger;
using Guildhall.Web.Pages.Console.Machinery;
using Guildhall.Web.Pages.Console.Masks;
using Guildhall.Web.Pages.Console.Payments;
using Guildhall.Web.Pages.Console.People;
using Guildhall.Web.Pages.Console.Quarantine;
using Guildhall.Web.Pages.Console.Reconciliation;
using Guildhall.Web.Pages.Console.Reviews;
using Guildhall.Web.Pages.Console.Risk;
using Guildhall.Web.Pages.Console.Roles;
using Guildhall.Web.Pages.Console.Saved;
using Guildhall.Web.Pages.Console.Sessions;
using Guildhall.Web.Pages.Console.Settings;
using Guildhall.Web.Pages.Console.Settlements;
using Guildhall.Web.Pages.Console.Suppressions;
using Guildhall.Web.Pages.Console.TalkReports;
using Guildhall.Web.Pages.Console.Templates;
using Guildhall.Web.Pages.Console.Terms;
using Guildhall.Web.Pages.Console.Texts;
using Guildhall.Web.Pages.Console.Webhooks;
using Guildhall.Web.Pages.Console.Withdrawals;

namespace Guildhall.Web.Pages.Console;

/// <summary>The posts of the console's pages.</summary>
internal static class ConsoleForms
{
    public static void MapConsoleForms(this IEndpointRouteBuilder app)
    {
        RefundForm.Map(app);
        HoldForms.Map(app);
        QuarantineForms.Map(app);
        ReconciliationForms.Map(app);
        DecisionForm.Map(app);
        OutcomeForm.Map(app);
        BatchForms.Map(app);
        AccountForms.Map(app);
        SessionForms.Map(app);
        PersonForms.Map(app);
        InvitationForms.Map(app);
        RoleForms.Map(app);
        ApplicationDecisionForms.Map(app);
        CategoryForm.Map(app);
        VerifyForm.Map(app);
        CloseForm.Map(app);
        ExchangeForms.Map(app);
        SettingForm.Map(app);
        ReplayForm.Map(app);
        BulkForms.Map(app);
        SavedFilterForms.Map(app);
        TestForm.Map(app);
        SuppressionForm.Map(app);
        DeliveryForm.Map(app);
        TemplateForms.Map(app);
        TextForms.Map(app);
        ClockForm.Map(app);
        WebhookForms.Map(app);
        RiskForms.Map(app);
        NetworkForms.Map(app);
        ApprovalForms.Map(app);
        FeeForm.Map(app);
        TermsForm.Map(app);
        AbsenceDecisionForm.Map(app);
        HideReviewForm.Map(app);
        Packages.PackageForm.Map(app);
        MaskAppealForm.Map(app);
        TalkReportForms.Map(app);
        SettlementForms.Map(app);
        DisputeForms.Map(app);
        WriteOffForm.Map(app);
        InvoiceForm.Map(app);
    }
}
