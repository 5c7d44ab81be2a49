using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Messaging.Bursts;
using Guildhall.Messaging.Delivery;
using Guildhall.Messaging.Email;
using Guildhall.Messaging.Email.SendGrid;
using Guildhall.Messaging.Email.Ses;
using Guildhall.Messaging.Inbox;
using Guildhall.Messaging.Preferences;
using Guildhall.Messaging.Push;
using Guildhall.Messaging.Push.Firebase;
using Guildhall.Messaging.Sms;
using Guildhall.Messaging.Sms.Twilio;
using Guildhall.Messaging.Sms.WhatsApp;
using Guildhall.Messaging.Suppressions;
using Guildhall.Messaging.Templates.Editing;
using Guildhall.Messaging.Voice;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Guildhall.Messaging;

/// <summary>What the deployment says about messages.</summary>
/// <param name="Smtp"><c>smtp://user:password@host:port</c> (STARTTLS where offered, required off this machine) or <c>smtps://</c>; null when there is none.</param>
/// <param name="From">Sender address.</param>
/// <param name="Product">Public address, for links.</param>
public sealed record MessagingOptions(Uri? Smtp, string From, Uri Product)
{
    /// <summary>Null: there is no SendGrid.</summary>
    public SendGridOptions? SendGrid { get; init; }

    /// <summary>Null: there is no Amazon SES.</summary>
    public SesOptions? Ses { get; init; }

    /// <summary>The senders of mail in the order in which they are tried; null: all that are set up, the mail server first.</summary>
    public IReadOnlyList<string>? NamedSenders { get; init; }

    /// <summary>The senders in use, in their order.</summary>
    public IReadOnlyList<string> Senders => NamedSenders ?? SetUp;

    /// <summary>The senders there could be, in the order of nobody's choice.</summary>
    public static IReadOnlyList<string> AllSenders { get; } = [SmtpSender.Called, SendGridSender.Called, SesSender.Called];

    /// <summary>The senders that are set up.</summary>
    public IReadOnlyList<string> SetUp => [.. AllSenders.Where(IsSetUp)];

    /// <summary>False: nothing is sent, and every delivery says so.</summary>
    public bool CanMail => Senders.Count > 0 && From.Length > 0;

    /// <summary>Whether a sender is the sandbox, or a server on this machine.</summary>
    public bool IsOnThisMachine(string sender) => sender switch
    {
        SmtpSender.Called => Smtp is { IsLoopback: true },
        SendGridSender.Called => SendGrid is { Api.IsLoopback: true },
        SesSender.Called => Ses is { Api.IsLoopback: true },
        _ => false,
    };

    private bool IsSetUp(string sender) => sender switch
    {
        SmtpSender.Called => Smtp is not null,
        SendGridSender.Called => SendGrid is not null,
        SesSender.Called => Ses is not null,
        _ => false,
    };
}

/// <summary>Where and as whom to call Twilio.</summary>
/// <param name="Sid">The account, <c>AC…</c>; empty when there is none.</param>
/// <param name="Token">Signs us in there, and signs what they tell us.</param>
/// <param name="From">Our number in international form, or a sender name.</param>
public sealed record TwilioOptions(Uri Api, string Sid, string Token, string From)
{
    /// <summary>Null: texts go as text messages only.</summary>
    public WhatsAppOptions? WhatsApp { get; init; }

    /// <summary>No text message is sent, and every delivery says so.</summary>
    public static readonly TwilioOptions None = new(new Uri("https://api.twilio.com"), "", "", "");

    /// <summary>False: nothing is sent, and every delivery says so.</summary>
    public bool CanText => Sid.Length > 0 && Token.Length > 0 && From.Length > 0;
}

/// <summary>The doors of this module.</summary>
public static class MessagingModule
{
    public static void AddMessaging(this IServiceCollection services, MessagingOptions options, TwilioOptions? twilio = null, FirebaseOptions? firebase = null, VoiceOptions? voice = null)
    {
        services.AddSingleton(options);
        services.AddSingleton(twilio ?? TwilioOptions.None);
        services.AddSingleton(s => new TwilioApi(new ProviderHttp(), s.GetRequiredService<TwilioOptions>()));
        services.AddSingleton(s => new FirebaseApi(new ProviderHttp(firebase?.Timeout), firebase, s.GetRequiredService<Database>().Clock));
        services.AddSingleton(s => Senders(options, s.GetRequiredService<Database>().Clock));
        services.AddSingleton(s => new ProviderRests(name => name switch
        {
            TwilioApi.Called or ChooseWhatsApp.Called => s.GetRequiredService<TwilioApi>().RestsFor,
            FirebaseApi.Called => s.GetRequiredService<FirebaseApi>().RestsFor,
            _ => s.GetRequiredService<MailSenders>().InUse.FirstOrDefault(sender => sender.Name == name)?.RestsFor,
        }));
        services.AddSingleton(OfSns(options.Ses));
        services.AddSingleton(new ElevenLabs(voice ?? VoiceOptions.None));
        services.AddSetting(ChooseWhatsApp.Texts);
        services.AddSetting(TextParts.PartPrice);
        services.AddPermissions(typeof(MessagingPermissions));
        services.AddPersonalData(MessagingPersonalData.Part);
        services.AddSearch(FindDeliveries.Part);
        services.AddStreamTopic(InboxStream.Topic);
        services.AddOutsideJob<SendMail>(SendMail.Run);
        services.AddOutsideJob<SendText>(SendText.Run);
        services.AddOutsideJob<SendPush>(SendPush.Run);
        services.AddJob<ForgetBursts>(ForgetBursts.Run);
        services.AddRecurring("forget-bursts", TimeSpan.FromHours(1), tx => tx.Enqueue(new ForgetBursts(), uniqueKey: "one"));
        services.AddJob<ForgetVoices>(ForgetVoices.Run);
        services.AddRecurring("forget-voices", TimeSpan.FromHours(12), tx => tx.Enqueue(new ForgetVoices(), uniqueKey: "one"));
        services.AddLimits(MessagingLimits.All);
    }

    private static MailSenders Senders(MessagingOptions options, TimeProvider clock) => new(options.CanMail ? [.. options.Senders.Select(name => Sender(name, options, clock))] : []);

    private static IMailSender Sender(string name, MessagingOptions options, TimeProvider clock) => name switch
    {
        SmtpSender.Called => new SmtpSender(options.Smtp!),
        SendGridSender.Called => new SendGridSender(new ProviderHttp(options.SendGrid!.Timeout), options.SendGrid),
        SesSender.Called => new SesSender(new ProviderHttp(options.Ses!.Timeout), options.Ses, clock),
        _ => throw new ArgumentException($"There is no sender {name}.", nameof(name)),
    };

    private static SnsLine OfSns(SesOptions? ses)
    {
        var http = new ProviderHttp();
        return new SnsLine(http, ses is null ? null : new SnsCertificates(http, ses));
    }

    public static void MapMessaging(this IEndpointRouteBuilder api)
    {
        var inbox = api.MapGroup("/inbox");
        ReadInbox.Map(inbox);
        MarkAllRead.Map(inbox);
        MarkRead.Map(inbox);
        SpeakNotice.Map(inbox);
        ReadNoticeVoice.Map(inbox);
        var staff = api.MapGroup("/admin/messaging");
        ListTemplates.Map(staff);
        ReadTemplate.Map(staff);
        SaveTemplate.Map(staff);
        PublishTemplate.Map(staff);
        ListDeliveries.Map(staff);
        ReadDelivery.Map(staff);
        RetryDelivery.Map(staff);
        ListSuppressions.Map(staff);
        LiftSuppression.Map(staff);
        ReadPreferences.Map(api);
        ChangePreferences.Map(api);
        ReadPushDevice.Map(api);
        RegisterPushDevice.Map(api);
        RemovePushDevice.Map(api);
        ReceiveTwilioStatus.Map(api);
        ReceiveTwilioText.Map(api);
        ReceiveSendGridEvents.Map(api);
        ReceiveSesEvents.Map(api);
    }
}
