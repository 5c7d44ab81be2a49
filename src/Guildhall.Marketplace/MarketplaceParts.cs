using Guildhall.Foundation;
using Guildhall.Marketplace.Calendars;
using Guildhall.Marketplace.Calls;
using Guildhall.Marketplace.ClientProjects;
using Guildhall.Marketplace.Moderation;
using Guildhall.Marketplace.Packages;
using Guildhall.Money.Disputes;
using Guildhall.Money.Orders;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Guildhall.Marketplace;

/// <summary>The doors of this module's larger parts.</summary>
internal static class MarketplaceParts
{
    private static readonly TimeSpan LookAtCalls = TimeSpan.FromSeconds(5), LookEvery = TimeSpan.FromMinutes(1);

    public static void AddCalendars(IServiceCollection services)
    {
        services.AddSetting(MarketplaceSettings.CalendarEveryMinutes);
        services.AddSetting(MarketplaceSettings.CalendarAgeHours);
        services.AddSingleton<CalendarDoor>();
        services.AddOutsideJob<FetchCalendar>(FetchCalendar.Run, maxAttempts: 2); // its turn comes again anyway
        services.AddJob<FetchCalendars>(FetchCalendars.Run);
        services.AddRecurring("fetch-calendars", LookEvery, tx => tx.Enqueue(new FetchCalendars(), uniqueKey: "one"));
    }

    public static void AddCalls(IServiceCollection services, MarketplaceOptions options)
    {
        services.AddSingleton(options.Turn);
        services.AddStreamTopic(CallTopic.Topic);
        services.AddJob<SweepCalls>(SweepCalls.Run);
        services.AddJob<TidyCalls>(TidyCalls.Run);
        services.AddJob<SettleMinutes>(SettleMinutes.Run);
        services.AddRecurring("sweep-calls", LookAtCalls, tx => tx.Enqueue(new SweepCalls(), uniqueKey: "one"));
    }

    public static void MapCalls(IEndpointRouteBuilder api)
    {
        ReadCalls.Map(api);
        ReadCallServers.Map(api);
        RingCall.Map(api);
        AnswerCall.Map(api);
        HangUpCall.Map(api);
        StayInCall.Map(api);
        SignalCall.Map(api);
    }

    public static void AddPackages(IServiceCollection services)
    {
        services.AddReaction<OrderPaid>(WhenPackageMoney.Paid);
        services.AddReaction<OrderRefunded>(WhenPackageMoney.Refunded);
        services.AddReaction<OrderRefundFailed>(WhenPackageMoney.RefundFailed);
        services.AddReaction<RefundCompleted>(WhenPackageMoney.RefundCompleted);
        services.AddReaction<DisputeChanged>(WhenPackageMoney.Disputed);
        services.AddJob<EndUnpaidSale>(EndUnpaidSale.Run);
        services.AddJob<ExpirePackage>(ExpirePackage.Run);
        services.AddJob<FinishPackage>(FinishPackage.Run);
        services.AddJob<CoverPackage>(CoverPackage.Run);
        services.AddJob<EndUncoveredSession>(EndUncoveredSession.Run);
    }

    public static void MapPackages(IEndpointRouteBuilder api)
    {
        ListPackages.Map(api);
        EditPackage.Map(api);
        BuyPackage.Map(api);
        ReadPackageSales.Map(api);
        BookWithPackage.Map(api);
        GiveUpPackage.Map(api);
    }

    public static void MapCalendars(IEndpointRouteBuilder api)
    {
        ListCalendarLinks.Map(api);
        MakeCalendarLink.Map(api);
        RevokeCalendarLink.Map(api);
        ReadCalendarFeed.Map(api);
        ListCalendars.Map(api);
        AddCalendar.Map(api);
        RemoveCalendar.Map(api);
    }

    public static void MapModeration(IEndpointRouteBuilder api)
    {
        ReportTalk.Map(api);
        BlockPerson.Map(api);
        ListBlocks.Map(api);
        LiftBlock.Map(api);
        ListTalkReports.Map(api);
        ReadTalkReport.Map(api);
        DecideTalkReport.Map(api);
        ResumeProvider.Map(api);
    }

    public static void MapClientProjects(IEndpointRouteBuilder api)
    {
        ListClientProjects.Map(api);
        ReadClientProject.Map(api);
        CreateClientProject.Map(api);
        EditClientProject.Map(api);
        MoveClientProject.Map(api);
        EditMilestone.Map(api);
        MoveMilestone.Map(api);
        InvoiceMilestone.Map(api);
        LinkBooking.Map(api);
    }
}
