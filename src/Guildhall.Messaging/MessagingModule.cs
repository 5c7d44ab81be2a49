using Guildhall.Foundation;
using Guildhall.Messaging.Email;
using Guildhall.Messaging.Inbox;
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
    /// <summary>False: nothing is sent, and every delivery says so.</summary>
    public bool CanMail => Smtp is not null && From.Length > 0;
}

/// <summary>The doors of this module.</summary>
public static class MessagingModule
{
    public static void AddMessaging(this IServiceCollection services, MessagingOptions options)
    {
        services.AddSingleton(options);
        services.AddPersonalData(MessagingPersonalData.Part);
        services.AddStreamTopic(InboxStream.Topic);
        services.AddOutsideJob<SendMail>(SendMail.Run);
    }

    public static void MapMessaging(this IEndpointRouteBuilder api)
    {
        var inbox = api.MapGroup("/inbox");
        ReadInbox.Map(inbox);
        MarkAllRead.Map(inbox);
        MarkRead.Map(inbox);
    }
}
