namespace Guildhall.Tests.Identity.Passkeys;

public sealed class RemovePasskeyTests(NodesOnly world) : IClassFixture<NodesOnly>
{
    [Fact]
    [Covers("I-6", "I-13", "asvs-6.5.6", "asvs-6.3.7")]
    public async Task A_removed_passkey_signs_nobody_in_and_its_owner_is_told()
    {
        var (person, passkey) = await world.PersonWithPasskey();
        (await person.Delete("auth/passkeys/" + await Only(person))).Must(204);
        (await world.Visitor().SignsInWith(passkey)).MustRefuse(IdentityRefusals.PasskeyRefused);
        (await world.Database.Value<bool>("select second_factor from identity.accounts where id = $1", person.Id)).ShouldBeFalse();
        (await world.Database.Count("messaging.deliveries where person_id = $1 and template = 'passkey_removed'", person.Id)).ShouldBe(1);
        (await world.Database.Count("foundation.audit where action = 'passkey.removed' and actor_id = $1", person.Id)).ShouldBe(1);
        await person.SignsIn(); // the password alone is enough again
    }

    [Fact]
    [Covers("asvs-7.5.1")]
    public async Task Asvs_7_5_1_A_passkey_is_removed_only_after_a_fresh_proof()
    {
        var (person, _) = await world.PersonWithPasskey();
        var id = await Only(person);
        await world.ProofGrowsOld(person);
        (await person.Delete("auth/passkeys/" + id)).MustRefuse(FoundationRefusals.StepUpRequired);
    }

    [Fact]
    [Covers("asvs-7.4.3")]
    public async Task Asvs_7_4_3_Devices_that_skipped_the_second_step_are_asked_again()
    {
        var (person, passkey) = await world.PersonWithPasskey();
        (await person.Adds(world.Passkey())).Must(201);
        (await world.Visitor().SignsInWith(passkey)).Must();
        await world.Database.Execute("update identity.devices set trusted_until = $2 where account_id = $1", person.Id, world.Clock.Now.AddDays(30));
        (await person.Delete("auth/passkeys/" + await Only(person))).Must(204);
        (await world.Database.Count("identity.devices where account_id = $1 and trusted_until is not null", person.Id)).ShouldBe(0);
    }

    [Fact]
    [Covers("identity-43")]
    public async Task The_last_second_factor_of_somebody_whose_role_needs_one_stays()
    {
        await world.Database.Execute("insert into identity.roles (name, needs_second_factor) values ('careful', true) on conflict do nothing");
        var (person, _) = await world.PersonWithPasskey("careful");
        var id = await Only(person);
        (await person.Delete("auth/passkeys/" + id)).MustRefuse(IdentityRefusals.LastSecondFactor);
        (await person.Adds(world.Passkey())).Must(201);
        (await person.Delete("auth/passkeys/" + id)).Must(204);
    }

    [Fact]
    [Covers("identity-43")]
    public async Task The_only_way_in_stays()
    {
        await world.Database.Execute("alter table identity.accounts alter column password_hash drop not null");
        var (person, passkey) = await world.PersonWithPasskey();
        await world.Database.Execute("update identity.accounts set password_hash = null where id = $1", person.Id);
        var id = await Only(person);
        (await person.Delete("auth/passkeys/" + id)).MustRefuse(IdentityRefusals.LastWayIn);
        (await world.Visitor().SignsInWith(passkey)).Must();
        await world.Database.Execute("update identity.accounts set phone = '+96550000000', phone_verified_at = created_at where id = $1", person.Id);
        (await person.Delete("auth/passkeys/" + id)).Must(204);
    }

    [Fact]
    [Covers("identity-43")]
    public async Task Two_removals_at_once_do_not_take_the_last_two()
    {
        await world.Database.Execute("insert into identity.roles (name, needs_second_factor) values ('careful', true) on conflict do nothing");
        var (person, _) = await world.PersonWithPasskey("careful");
        (await person.Adds(world.Passkey())).Must(201);
        var ids = (await person.Get("auth/passkeys")).Must().At("items").EnumerateArray().Select(p => p.GetProperty("id").GetString()).ToArray();
        await using var gate = await Gate.Close(world.Database, "select 1 from identity.accounts where id = $1 for update", person.Id);
        var tries = ids.Select(id => person.Delete("auth/passkeys/" + id)).ToArray();
        await gate.OpenWhenWaiting(2);
        (await Task.WhenAll(tries)).Select(a => a.Code).Order().ShouldBe([null, "last_second_factor"]);
    }

    [Fact]
    [Covers("identity-41", "asvs-8.2.2")]
    public async Task Another_persons_passkey_is_not_found_and_the_attempt_is_audited()
    {
        var (owner, passkey) = await world.PersonWithPasskey();
        var id = await Only(owner);
        var stranger = await world.Person();
        (await stranger.Delete("auth/passkeys/" + id)).MustRefuse(FoundationRefusals.NotFound);
        (await stranger.Patch("auth/passkeys/" + id, new { name = "Mine" })).MustRefuse(FoundationRefusals.NotFound);
        (await stranger.Get("auth/passkeys")).Must().At("items").GetArrayLength().ShouldBe(0);
        (await world.Database.Count("foundation.audit where action = 'malicious_direct_reference' and subject_id = $1", id)).ShouldBe(2);
        (await stranger.Delete("auth/passkeys/" + new PasskeyId(Guid.CreateVersion7()))).MustRefuse(FoundationRefusals.NotFound);
        (await world.Visitor().SignsInWith(passkey)).Must();
    }

    private static async Task<string> Only(Person person) => (await person.Get("auth/passkeys")).Must().Word("items.0.id");
}
