using Guildhall.Foundation.Data;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Passwords;
using Guildhall.Identity.Tokens;
using Guildhall.Web.Host;

namespace Guildhall.Tests.Identity.Passwords;

public sealed class CrashOfAResetTests(CrashOfAResetTests.Cheap world) : IClassFixture<CrashOfAResetTests.Cheap>
{
    public sealed class Cheap : NodesOnly
    {
        internal override HostSettings Configure(HostSettings settings, int node) => settings with { PasswordHash = HashRecipe.Default with { Rounds = 100 } };
    }

    private sealed class KilledException : Exception;

    /// <summary>Kills the work that the test itself began at its n-th meeting with the database, before or after.</summary>
    private sealed class Killer : DatabaseTap
    {
        public readonly AsyncLocal<bool> Watched = new();
        public int At, Reached;
        public bool Dead;

        public override ValueTask Before(string what) => Reach();
        public override ValueTask After(string what) => Reach();

        private ValueTask Reach()
        {
            if (!Watched.Value) return ValueTask.CompletedTask;
            if (Dead || ++Reached == At) { Dead = true; throw new KilledException(); }
            return ValueTask.CompletedTask;
        }
    }

    private sealed record Facts(bool IsNew, int Epoch, bool UsedUp, long Living, long Audited, long Told, long Remembered);

    [Fact]
    [Covers("asvs-2.3.3", "I-7")]
    public async Task Asvs_2_3_3_Killed_anywhere_in_a_reset_password_sessions_and_audit_change_together_or_not_at_all()
    {
        var killer = new Killer();
        world.Data().Tap = killer;
        var (all, none) = (0, 0);
        for (var at = 1; at < 200; at++)
        {
            var person = await world.Person();
            var token = Secret.New();
            await world.Data().InTransaction(tx => tx.ChangeOne("insert into identity.password_resets (account_id, token_hash, sent_at, expires_at) values (@id, @hash, @now, @until)",
                new { id = person.Id, hash = Secret.Hash(token), now = tx.Now, until = tx.Now + MailPasswordReset.Lifetime }));
            var before = await Read(person);
            (killer.At, killer.Reached, killer.Dead) = (at, 0, false);
            var died = await Dies(killer, token);
            var after = await Read(person);
            if (after == before) none++;
            else
            {
                after.ShouldBe(new Facts(IsNew: true, before.Epoch + 1, UsedUp: true, Living: 0, Audited: 1, Told: 1, Remembered: 1), $"killed at meeting {at}");
                all++;
            }
            if (!died) break;
        }
        none.ShouldBeGreaterThan(5);
        all.ShouldBeGreaterThan(1);
    }

    private async Task<bool> Dies(Killer killer, string token)
    {
        killer.Watched.Value = true;
        try
        {
            (await CompletePasswordReset.Run(world.Get<IdentityParts>(), Caller.Nobody, new CompletePasswordReset.Body(token, PasswordWorld.First), default)).OrThrow();
            return false;
        }
        catch (KilledException) { return true; }
        finally { killer.Watched.Value = false; }
    }

    private async Task<Facts> Read(Person person)
    {
        var hash = await world.Database.Value<string>("select password_hash from identity.accounts where id = $1", person.Id);
        return new Facts(world.Get<PasswordHash>().Fits(PasswordWorld.First, hash),
            await world.Database.Value<int>("select epoch from identity.accounts where id = $1", person.Id),
            await world.Database.Value<bool>("select used_at is not null from identity.password_resets where account_id = $1", person.Id),
            await world.Database.Count("identity.sessions where account_id = $1 and ended_at is null", person.Id),
            await world.Database.Count("foundation.audit where action = 'password.reset' and subject_id = $1", new AccountId(person.Id).ToString()),
            await world.Database.Count("messaging.deliveries where person_id = $1 and template = 'password_changed'", person.Id),
            await world.Database.Count("identity.password_history where account_id = $1", person.Id));
    }
}
