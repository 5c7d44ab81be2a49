using System.Globalization;
using System.Text;

namespace Guildhall.Money.Ledger.Seal;

/// <summary>A journal as the seal sees it.</summary>
internal sealed record SealedJournal(long Id, int Epoch, string Tx, string Reference, string Kind, Guid? OrderId, DateTimeOffset EffectiveAt, DateTimeOffset? CountedAt, DateTimeOffset PostedAt);

/// <summary>An entry with what its account is.</summary>
internal sealed record SealedEntry(long JournalId, short No, long AccountId, string Kind, Guid? OwnerId, string Currency, long Minor);

/// <summary>The canonical bytes of a journal and its entries, as the README of this module describes them: UTF-8 lines that end in LF, one for each
/// field, numbers in decimal, times in microseconds since 1970, a hyphen for what is not set, free text after its length in bytes.</summary>
internal static class LeafBytes
{
    public const string Version = "guildhall.journal.v1";

    public static string Text(SealedJournal journal, IReadOnlyList<SealedEntry> entries)
    {
        var text = new StringBuilder(64 + (entries.Count * 80));
        text.Append(Version).Append('\n');
        text.Append(CultureInfo.InvariantCulture, $"{journal.Epoch}\n{journal.Tx}\n{journal.Id}\n");
        text.Append(CultureInfo.InvariantCulture, $"{Encoding.UTF8.GetByteCount(journal.Reference)}:{journal.Reference}\n{Encoding.UTF8.GetByteCount(journal.Kind)}:{journal.Kind}\n");
        text.Append(Word(journal.OrderId)).Append('\n');
        text.Append(CultureInfo.InvariantCulture, $"{Micros(journal.EffectiveAt)}\n{(journal.CountedAt is { } counted ? Micros(counted) : "-")}\n{Micros(journal.PostedAt)}\n{entries.Count}\n");
        foreach (var entry in entries)
            text.Append(CultureInfo.InvariantCulture, $"{entry.No} {entry.AccountId} {entry.Kind} {Word(entry.OwnerId)} {entry.Currency} {entry.Minor}\n");
        return text.ToString();
    }

    internal static string Micros(DateTimeOffset at) => ((at.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) / 10).ToString(CultureInfo.InvariantCulture);

    private static string Word(Guid? id) => id?.ToString("D") ?? "-";
}
