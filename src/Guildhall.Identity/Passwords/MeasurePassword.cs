using Guildhall.Foundation;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Accounts;
using Guildhall.Identity.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Guildhall.Identity.Passwords;

/// <summary>What to do about a password that is being typed. Advice: it changes nothing, asks nobody outside, and neither logs nor keeps what it is given. It
/// has one thread of its own: no sign-in waits for it.</summary>
public static class MeasurePassword
{
    public enum Advice { TooShort, NotAllowed, Common, Guessable, Good }

    /// <param name="MinLength">As the form knows it, 8 to 15.</param>
    public sealed record Body(string Password, string? Email = null, string? DisplayName = null, int MinLength = PasswordRules.MinLength);

    /// <param name="Score">0 (guessed at once) to 4, without the words that a guesser knows.</param>
    /// <param name="Missing">Characters it lacks yet.</param>
    public sealed record Answer(int Score, Advice Advice, int Missing);

    internal static void Map(IEndpointRouteBuilder api) => api
        .MapPost("/auth/password-strength", async (Body body, Caller caller, IdentityParts identity, CancellationToken stop) => (await Run(identity, caller, body, stop)).ToHttp())
        .WithName(nameof(MeasurePassword)).ForAnyone().WithMetadata(new BringsOwnSecret(), new OpenBeforeSecondFactor()).Produces<Answer>();

    public static async Task<Result<Answer>> Run(IdentityParts identity, Caller caller, Body body, CancellationToken stop)
    {
        var least = Math.Clamp(body.MinLength, PasswordRules.MinLengthWithFactor, PasswordRules.MinLength);
        if (body.Password.Length > 2 * PasswordRules.MaxLength || PasswordRules.Objection(body.Password, 0) is not null) return new Answer(0, Advice.NotAllowed, 0);
        var missing = Math.Max(0, least - body.Password.EnumerateRunes().Count());
        var (email, name) = caller.IsSignedIn && (await Me.Run(identity, caller, stop)).Is(out var me, out _) ? (me.Email, me.DisplayName) : (body.Email, body.DisplayName);
        var words = KnownWords.Of(identity.Options, email, name is { Length: > 200 } ? null : name);
        if (identity.Measuring.TryRun(() => PasswordRules.ScoreWithout(body.Password, words), stop) is not { } scoring) return IdentityRefusals.Busy;
        var score = CommonPasswords.Has(body.Password) ? 0 : await scoring;
        var advice = missing > 0 ? Advice.TooShort : CommonPasswords.Has(body.Password) ? Advice.Common : PasswordRules.IsStrong(score) ? Advice.Good : Advice.Guessable;
        return new Answer(score, advice, missing);
    }
}
