using Guildhall.Foundation.Settings;

namespace Guildhall.Content;

/// <summary>Business knobs of this module.</summary>
public static class ContentSettings
{
    public static readonly Setting<bool> TwoPeople = new("content.two_people", "Whoever publishes a text must be somebody else than who wrote that version.", "yes or no", false, _ => null);
}
