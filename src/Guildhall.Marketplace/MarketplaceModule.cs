using Guildhall.Files;
using Guildhall.Foundation;
using Guildhall.Marketplace.Absences;
using Guildhall.Marketplace.Availability;
using Guildhall.Marketplace.Bookings;
using Guildhall.Marketplace.Calendars;
using Guildhall.Marketplace.Calls;
using Guildhall.Marketplace.Catalog;
using Guildhall.Marketplace.Chat;
using Guildhall.Marketplace.Consultations;
using Guildhall.Marketplace.Contacts;
using Guildhall.Marketplace.Moderation;
using Guildhall.Marketplace.Packages;
using Guildhall.Marketplace.Policies;
using Guildhall.Marketplace.Providers;
using Guildhall.Marketplace.Reminders;
using Guildhall.Marketplace.Resources;
using Guildhall.Marketplace.Reviews;
using Guildhall.Marketplace.Series;
using Guildhall.Marketplace.Visits;
using Guildhall.Marketplace.Visits.Travel;
using Guildhall.Marketplace.Visits.Weather;
using Guildhall.Marketplace.Waiting;
using Guildhall.Money.Disputes;
using Guildhall.Money.Orders;
using Guildhall.Money.Risk;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Guildhall.Marketplace;

/// <summary>The doors of this module.</summary>
public static class MarketplaceModule
{
    private static readonly TimeSpan SweepEvery = TimeSpan.FromSeconds(5), LookAtCalls = TimeSpan.FromSeconds(5), LookEvery = TimeSpan.FromMinutes(1), ForgetEvery = TimeSpan.FromMinutes(10), LookAtPromises = TimeSpan.FromHours(6);

    /// <param name="travel">Who is asked how long ways take; null: nobody, straight lines.</param>
    /// <param name="weather">Who is asked for the weather of visits; null: nobody.</param>
    public static void AddMarketplace(this IServiceCollection services, MarketplaceOptions options, TravelOptions? travel = null, WeatherOptions? weather = null)
    {
        services.AddSingleton(options);
        services.AddSingleton<Alternatives>();
        services.AddSingleton(new TravelTimes(travel ?? TravelOptions.None));
        services.AddSingleton(new Forecasts(weather ?? WeatherOptions.None));
        services.AddPermissions(typeof(MarketplacePermissions));
        services.AddPersonalData(MarketplacePersonalData.Part);
        services.AddSetting(MarketplaceSettings.HoldMinutes);
        services.AddSetting(MarketplaceSettings.ApprovalHours);
        services.AddSetting(MarketplaceSettings.ApprovedPayHours);
        services.AddSetting(MarketplaceSettings.SeriesPayDays);
        services.AddSetting(MarketplaceSettings.HoldMoneyCurrencies);
        services.AddSetting(MarketplaceSettings.MaxOpenHolds);
        services.AddSetting(MarketplaceSettings.AbsenceGraceMinutes);
        services.AddSetting(MarketplaceSettings.AbsenceReportHours);
        services.AddSetting(MarketplaceSettings.AbsenceAnswerHours);
        services.AddSetting(MarketplaceSettings.MaxOpenHoldsOfOne);
        services.AddSetting(MarketplaceSettings.MaxLapsedHolds);
        services.AddSetting(MarketplaceSettings.ReviewDays);
        services.AddReaction<OrderPaid>(WhenOrderPaid.Run);
        services.AddReaction<OrderAuthorized>(WhenOrderAuthorized.Run);
        services.AddReaction<OrderAuthorizationEnded>(WhenOrderAuthorized.End);
        services.AddReaction<OrderRefunded>(WhenOrderRefunded.Run);
        services.AddReaction<OrderRefundFailed>(WhenOrderRefunded.Failed);
        services.AddReaction<RefundCompleted>(WhenRefundCompleted.Run);
        services.AddReaction<OrderReviewed>(WhenOrderReviewed.Run);
        services.AddReaction<OrderPaymentFailed>(WhenOrderPaymentFailed.Run);
        services.AddReaction<BookingCompleted>(WhenBookingCompleted.Run);
        services.AddJob<ExpireHold>(ExpireHold.Run);
        services.AddJob<SweepHolds>(SweepHolds.Run);
        services.AddJob<TellOfCancellation>(TellOfCancellation.Run);
        services.AddJob<PlanReminders>(PlanReminders.Run);
        services.AddJob<SendReminders>(SendReminders.Run);
        services.AddJob<SettleAbsence>(SettleAbsence.Run);
        services.AddJob<AskForReview>(AskForReview.Run);
        services.AddJob<PublishReviews>(PublishReviews.Run);
        services.AddJob<TellOfMessage>(TellOfMessage.Run);
        services.AddJob<LetGoOfHold>(LetGoOfHold.Run);
        services.AddRecurring("sweep-holds", SweepEvery, tx => tx.Enqueue(new SweepHolds(), uniqueKey: "one"));
        services.AddOutsideJob<KeepSeries>(KeepSeries.Run);
        services.AddOutsideJob<OfferFreed>(OfferFreed.Run);
        services.AddReaction<BookingConfirmed>(EndWaiting.Run);
        services.AddJob<ForgetWaits>(ForgetWaits.Run);
        services.AddRecurring("forget-waits", ForgetEvery, tx => tx.Enqueue(new ForgetWaits(), uniqueKey: "one"));
        services.AddJob<RemindToPay>(RemindToPay.Run);
        services.AddOutsideJob<KeepPromisedTimes>(KeepPromisedTimes.Run);
        services.AddJob<LookAtPromisedTimes>(LookAtPromisedTimes.Run);
        services.AddRecurring("look-at-promised-times", LookAtPromises, tx => tx.Enqueue(new LookAtPromisedTimes(), uniqueKey: "one"));
        AddCalendars(services);
        AddPackages(services);
        services.AddJob<ForgetTravelTimes>(ForgetTravelTimes.Run);
        services.AddRecurring("forget-travel-times", ForgetEvery, tx => tx.Enqueue(new ForgetTravelTimes(), uniqueKey: "one"));
        services.AddJob<ForgetForecasts>(ForgetForecasts.Run);
        services.AddRecurring("forget-forecasts", ForgetEvery, tx => tx.Enqueue(new ForgetForecasts(), uniqueKey: "one"));
        services.AddFileSubject(BookingFiles.Subject);
        services.AddStreamTopic(ChatTopic.Entries);
        services.AddStreamTopic(ChatTopic.States);
        services.AddStreamTopic(ChatPresence.Topic);
        AddCalls(services, options);
    }

    private static void AddCalendars(IServiceCollection services)
    {
        services.AddSetting(MarketplaceSettings.CalendarEveryMinutes);
        services.AddSetting(MarketplaceSettings.CalendarAgeHours);
        services.AddSingleton<CalendarDoor>();
        services.AddOutsideJob<FetchCalendar>(FetchCalendar.Run, maxAttempts: 2); // its turn comes again anyway
        services.AddJob<FetchCalendars>(FetchCalendars.Run);
        services.AddRecurring("fetch-calendars", LookEvery, tx => tx.Enqueue(new FetchCalendars(), uniqueKey: "one"));
    }

    private static void AddCalls(IServiceCollection services, MarketplaceOptions options)
    {
        services.AddSingleton(options.Turn);
        services.AddStreamTopic(CallTopic.Topic);
        services.AddJob<SweepCalls>(SweepCalls.Run);
        services.AddJob<TidyCalls>(TidyCalls.Run);
        services.AddJob<SettleMinutes>(SettleMinutes.Run);
        services.AddRecurring("sweep-calls", LookAtCalls, tx => tx.Enqueue(new SweepCalls(), uniqueKey: "one"));
    }

    private static void MapCalls(IEndpointRouteBuilder api)
    {
        ReadCalls.Map(api);
        ReadCallServers.Map(api);
        RingCall.Map(api);
        AnswerCall.Map(api);
        HangUpCall.Map(api);
        StayInCall.Map(api);
        SignalCall.Map(api);
    }

    private static void AddPackages(IServiceCollection services)
    {
        services.AddReaction<OrderPaid>(WhenPackageMoney.Paid);
        services.AddReaction<OrderRefunded>(WhenPackageMoney.Refunded);
        services.AddReaction<DisputeChanged>(WhenPackageMoney.Disputed);
        services.AddJob<ExpirePackage>(ExpirePackage.Run);
        services.AddJob<FinishPackage>(FinishPackage.Run);
        services.AddJob<CoverPackage>(CoverPackage.Run);
        services.AddJob<EndUncoveredSession>(EndUncoveredSession.Run);
    }

    private static void MapPackages(IEndpointRouteBuilder api)
    {
        ListPackages.Map(api);
        EditPackage.Map(api);
        BuyPackage.Map(api);
        ReadPackageSales.Map(api);
        BookWithPackage.Map(api);
        GiveUpPackage.Map(api);
    }

    private static void MapCalendars(IEndpointRouteBuilder api)
    {
        ListCalendarLinks.Map(api);
        MakeCalendarLink.Map(api);
        RevokeCalendarLink.Map(api);
        ReadCalendarFeed.Map(api);
        ListCalendars.Map(api);
        AddCalendar.Map(api);
        RemoveCalendar.Map(api);
    }

    private static void MapModeration(IEndpointRouteBuilder api)
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

    /// <param name="api">The group <c>/api/v1</c>.</param>
    public static void MapMarketplace(this IEndpointRouteBuilder api)
    {
        ListServices.Map(api);
        ReadService.Map(api);
        SearchServices.Map(api);
        ListCategories.Map(api);
        SetCategory.Map(api);
        ListMyServices.Map(api);
        EditService.Map(api);
        SetSaleRules.Map(api);
        ListResources.Map(api);
        EditResource.Map(api);
        RemoveResource.Map(api);
        ShareResource.Map(api);
        SetPlace.Map(api);
        SetZone.Map(api);
        ListTimeChanges.Map(api);
        ListSlots.Map(api);
        ReadProvider.Map(api);
        ApplyAsProvider.Map(api);
        ListMyApplications.Map(api);
        WithdrawApplication.Map(api);
        ListApplications.Map(api);
        ReadApplication.Map(api);
        DecideApplication.Map(api);
        ReadHours.Map(api);
        SetHours.Map(api);
        AddException.Map(api);
        RemoveException.Map(api);
        ReadAgenda.Map(api);
        ExplainSlot.Map(api);
        MapCalendars(api);
        MapPackages(api);
        HoldSlot.Map(api);
        ListBookings.Map(api);
        ReadBooking.Map(api);
        ReadCancellation.Map(api);
        CancelBooking.Map(api);
        DecideRequest.Map(api);
        JoinWaitlist.Map(api);
        ListWaits.Map(api);
        LeaveWaitlist.Map(api);
        PreviewSeries.Map(api);
        HoldSeries.Map(api);
        ReadSeries.Map(api);
        CancelSeries.Map(api);
        BookAgain.Map(api);
        ListMoves.Map(api);
        ListMoveSlots.Map(api);
        MoveBooking.Map(api);
        AcceptMove.Map(api);
        ReadAbsence.Map(api);
        ReportAbsence.Map(api);
        AnswerAbsence.Map(api);
        ListAbsences.Map(api);
        ReadAbsenceEvidence.Map(api);
        DecideAbsence.Map(api);
        ReadVisit.Map(api);
        SetVisitAddress.Map(api);
        StartTravel.Map(api);
        CheckIn.Map(api);
        RenewVisitCode.Map(api);
        ReadVisitDay.Map(api);
        ReadVisitWeather.Map(api);
        ReadPolicy.Map(api);
        ListPolicies.Map(api);
        SetPolicy.Map(api);
        CompleteBooking.Map(api);
        ListAllBookings.Map(api);
        ListReminders.Map(api);
        WriteReview.Map(api);
        ReadBookingReviews.Map(api);
        ListProviderReviews.Map(api);
        ReplyToReview.Map(api);
        ListPublishedReviews.Map(api);
        ReadPublishedReview.Map(api);
        HideReview.Map(api);
        StartConsultation.Map(api);
        ReadProfileMask.Map(api);
        AppealMask.Map(api);
        ListMaskAppeals.Map(api);
        ReadMaskAppeal.Map(api);
        DecideMaskAppeal.Map(api);
        MapModeration(api);
        MapCalls(api);
        ListChats.Map(api);
        ReadChat.Map(api);
        ListMessages.Map(api);
        SendMessage.Map(api);
        MarkChatRead.Map(api);
        ShowTyping.Map(api);
    }
}
