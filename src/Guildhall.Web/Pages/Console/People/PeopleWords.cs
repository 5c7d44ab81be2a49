using Guildhall.Identity.Accounts;
using Guildhall.Web.Components.Text;

namespace Guildhall.Web.Pages.Console.People;

/// <summary>Accounts in the words of the staff.</summary>
internal static class PeopleWords
{
    public static StateLook Look(AccountState state) => state switch
    {
        AccountState.Active => new(new("Active", "نشط"), "check", Tone.Good),
        AccountState.Unverified => new(new("E-mail not confirmed", "البريد غير مؤكد"), "mail", Tone.Warn),
        AccountState.Suspended => new(new("Suspended", "موقوف"), "lock", Tone.Bad),
        AccountState.Erased => new(new("Erased", "محي"), "x", Tone.Neutral),
    };
}
