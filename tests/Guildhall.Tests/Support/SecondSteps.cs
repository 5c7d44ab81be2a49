namespace Guildhall.Tests.Support;

/// <summary>An authenticator app: another program's reading of RFC 6238.</summary>
public sealed class Authenticator(World world, string secret)
{
    public string Secret => secret;

    /// <summary>What it shows now, or showed so many steps ago.</summary>
    public async Task<string> Code(int stepsAgo = 0)
    {
        await Peers.Ready; // installing them may take longer than a code lasts
        return await Peers.Totp(secret, world.Clock.Now.AddSeconds(-30 * stepsAgo));
    }

    /// <summary>What it shows once every code before is past.</summary>
    public async Task<string> NextCode()
    {
        await world.Clock.Passes(TimeSpan.FromSeconds(31));
        return await Code();
    }
}

/// <summary>A second step that is open, with whom it asks.</summary>
public sealed record Step(Visitor By, string Id, string Token, IReadOnlyList<string> Methods)
{
    public static Step Of(Visitor by, Answer answer, string id = "challengeId", string token = "challengeToken") =>
        new(by, answer.Word(id), answer.Word(token), [.. answer.At("methods").EnumerateArray().Select(m => m.GetString()!)]);

    public Task<Answer> Answers(string way, string code, bool remember = false, string? device = null) =>
        By.Post($"auth/challenges/{Id}/{way}", new { challengeToken = Token, code, remember, deviceToken = device });

    public Task<Answer> Totp(string code, bool remember = false, string? device = null) => Answers("totp", code, remember, device);
    public Task<Answer> BackupCode(string code) => Answers("backup-code", code);
    public Task<Answer> Email(string code) => By.Post($"auth/challenges/{Id}/email", new { challengeToken = Token, code });
    public Task<Answer> SendEmail() => By.Post($"auth/challenges/{Id}/email/actions/send", new { challengeToken = Token });
}

/// <summary>People with second factors.</summary>
public static class SecondSteps
{
    /// <summary>Sets up an authenticator app and goes on with the session that came of it.</summary>
    public static async Task<(Authenticator App, IReadOnlyList<string> BackupCodes)> SetsUpTotp(this Person person)
    {
        var app = new Authenticator(person.Home, (await person.Post("auth/totp")).Must(201).Word("secret"));
        var done = (await person.Post("auth/totp/actions/confirm", new { code = await app.Code() })).Must();
        person.Takes(done, "tokens");
        return (app, [.. done.At("backupCodes").EnumerateArray().Select(c => c.GetString()!)]);
    }

    /// <summary>Signs in with the password as far as the second step, from a program of its own.</summary>
    public static async Task<Step> KnocksAs(this World world, Person person, string? device = null)
    {
        var visitor = world.Visitor();
        return Step.Of(visitor, (await visitor.Post("auth/sign-in", new { email = person.Email, password = Person.Password, deviceToken = device })).MustRefuse(IdentityRefusals.MfaRequired));
    }

    /// <summary>Asks to prove anew who this is.</summary>
    public static async Task<Step> StepsUp(this Person person) => Step.Of(person, (await person.Post("auth/step-ups")).Must(201), "id", "token");

    /// <summary>How many messages of a kind were written to a person.</summary>
    public static Task<long> Told(this World world, Person person, string template) =>
        world.Database.Count("messaging.deliveries where person_id = $1 and template = $2", person.Id, template);

}
