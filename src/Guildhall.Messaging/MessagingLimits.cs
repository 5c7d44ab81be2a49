using System.Globalization;
using Guildhall.Foundation.Http;
using Guildhall.Messaging.Bursts;
using Guildhall.Messaging.Preferences;

namespace Guildhall.Messaging;

/// <summary>Limits of this module as they are in force.</summary>
internal static class MessagingLimits
{
    public static ProductLimit[] All { get; } =
    [
        .. Categories.All.Where(c => c.Few is not null).Select(c => new ProductLimit("Messages",
            $"about {Foundation.Data.Names.Of(c.Name)}, to one person by one channel or device", string.Create(CultureInfo.InvariantCulture, $"{c.Few} in {ProductLimits.Say(Burst.Window)}"), "gathered into one digest")),
    ];
}
