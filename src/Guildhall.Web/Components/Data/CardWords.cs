using System.Globalization;
using Guildhall.Money.Methods;
using Guildhall.Web.Components.Text;

namespace Guildhall.Web.Components.Data;

/// <summary>How a kept card is named: by what stands on it.</summary>
internal static class CardWords
{
    public static readonly StateLook Default = new(new("Offered first", "تُعرض أولًا"), "check", Tone.Good);
    public static readonly StateLook Expired = new(new("Expired", "منتهية"), "clock", Tone.Warn);

    public static string Name(string brand, string last4) => $"{CultureInfo.InvariantCulture.TextInfo.ToTitleCase(brand.Replace('_', ' '))} •••• {last4}";

    public static string Expiry(SavedMethodView method) => string.Create(CultureInfo.InvariantCulture, $"{method.ExpMonth:00}/{method.ExpYear}");
}
