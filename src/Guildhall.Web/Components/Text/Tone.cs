namespace Guildhall.Web.Components.Text;

/// <summary>What a colour says. Amber, red and green belong to states only.</summary>
public enum Tone { Neutral, Accent, Good, Warn, Bad }

internal static class Tones
{
    /// <summary>The class that sets the tone's ink and wash; none for a neutral one.</summary>
    internal static string Class(this Tone tone) => tone switch
    {
        Tone.Neutral => "",
        Tone.Accent => "tone-accent",
        Tone.Good => "tone-good",
        Tone.Warn => "tone-warn",
        Tone.Bad => "tone-bad",
    };
}
