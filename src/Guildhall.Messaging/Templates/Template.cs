using Guildhall.Messaging.Preferences;

namespace Guildhall.Messaging.Templates;

/// <summary>What one kind of message says in each language.</summary>
/// <param name="Name">Stable; stored with every notice.</param>
/// <param name="Category">What its person may decide about it.</param>
/// <param name="Facts">What the words need besides <c>name</c>.</param>
/// <param name="IsSecret">Carries a code or a one-time link: never kept in the inbox, its facts are stored sealed and forgotten once sent.</param>
/// <param name="IsAskedFor">The person waits for it this minute: sent although they called something else unwanted.</param>
/// <param name="IsUrgent">Of no use in the morning: waits for no quiet hours and is in no digest.</param>
/// <param name="IsOnce">Twice is worse than not at all: a mail of which it is not known whether it went is not sent again.</param>
internal sealed record Template(string Name, MessageCategory Category, string[] Facts, Words En, Words Ar, bool IsSecret = false, bool IsAskedFor = false, bool IsUrgent = false, bool IsOnce = false)
{
    public Words In(string language) => language.StartsWith("ar", StringComparison.OrdinalIgnoreCase) ? Ar : En;
}

/// <summary>The words of one language; <c>{fact}</c> stands for a fact.</summary>
/// <param name="Subject">Subject of the mail and title in the inbox.</param>
/// <param name="Lines">Paragraphs.</param>
/// <param name="Button">What the link is called; null when there is none.</param>
internal sealed record Words(string Subject, string[] Lines, string? Button = null);
