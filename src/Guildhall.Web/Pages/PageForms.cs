using Guildhall.Web.Pages.Account;
using Guildhall.Web.Pages.Calendars;
using Guildhall.Web.Pages.Desk;
using Guildhall.Web.Pages.Market;
using Guildhall.Web.Pages.Market.Bookings;

namespace Guildhall.Web.Pages;

/// <summary>Everything that pages send: one line per file of forms.</summary>
internal static class PageForms
{
    public static void Map(IEndpointRouteBuilder app)
    {
        SignUpForm.Map(app);
        VerifyForms.Map(app);
        SignInForms.Map(app);
        SecondStepForms.Map(app);
        ProveForms.Map(app);
        SecurityForms.Map(app);
        NotMeForm.Map(app);
        PasskeyForms.Map(app);
        PhoneSignInForms.Map(app);
        ResetForms.Map(app);
        CredentialForms.Map(app);
        AccountForms.Map(app);
        PhoneForms.Map(app);
        PaymentMethodForms.Map(app);
        InvitationForm.Map(app);
        DataForms.Map(app);
        ApplicationForms.Map(app);
        LookingForm.Map(app);
        InboxForm.Map(app);
        PreferenceForms.Map(app);
        HoldForm.Map(app);
        BookingForms.Map(app);
        MoveForms.Map(app);
        WaitingForms.Map(app);
        SeriesForms.Map(app);
        AbsenceForms.Map(app);
        VisitForms.Map(app);
        ReviewForms.Map(app);
        MaskForms.Map(app);
        ChatForms.Map(app);
        TalkForms.Map(app);
        FileForms.Map(app);
        Market.Invoices.PayLinkForm.Map(app);
        ReturnRoute.Map(app);
        HandoverRoute.Map(app);
        Site.PreviewRoute.Map(app);
        BookingActs.Map(app);
        HoursForms.Map(app);
        ServiceForms.Map(app);
        ResourceForms.Map(app);
        CalendarForms.Map(app);
        MoneyForms.Map(app);
        Market.Packages.PackageForms.Map(app);
        Market.Projects.ProjectForms.Map(app);
    }
}
