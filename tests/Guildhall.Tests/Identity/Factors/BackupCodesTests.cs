using System.Security.Cryptography;
using System.Text;
using Guildhall.Foundation.Security;
using Guildhall.Identity.Factors;

namespace Guildhall.Tests.Identity.Factors;

public sealed class BackupCodesTests(NodesOnly world) : IClassFixture<NodesOnly>
{
    [Fact]
    [Covers("identity-1", "asvs-6.5.1", "asvs-15.4.1")]
    public async Task Fifty_answers_at_once_with_one_backup_code_are_one_success_and_49_refusals_that_read_the_same()
    {
        var person = await world.Person();
        var (_, codes) = await person.SetsUpTotp();
        var step = await world.KnocksAs(person);
        await using var gate = await Gate.Close(world.Database, "select 1 from identity.accounts where id = $1 for update", person.Id);
        var answers = Enumerable.Range(0, 50).Select(_ => step.BackupCode(codes[3])).ToArray();
        await gate.OpenWhenWaiting(10);
        var all = await Task.WhenAll(answers);
        all.Count(a => a.Status == 200).ShouldBe(1);
        foreach (var refused in all.Where(a => a.Status != 200)) refused.MustRefuse(IdentityRefusals.ChallengeFailed);
        all.Where(a => a.Status != 200).Select(a => a.Text.Replace(a.Word("requestId"), "", StringComparison.Ordinal)).Distinct(StringComparer.Ordinal).Count().ShouldBe(1);
        (await person.Get("auth/factors")).Must().At("backupCodesLeft").GetInt32().ShouldBe(9);
    }

    [Fact]
    [Covers("identity-1", "asvs-6.5.1")]
    public async Task Asvs_6_5_1_One_statement_uses_a_code_up_whatever_the_challenge()
    {
        var person = await world.Person();
        var (_, codes) = await person.SetsUpTotp();
        await using var gate = await Gate.Close(world.Database, "select 1 from identity.backup_codes where account_id = $1 for update", person.Id);
        var uses = Enumerable.Range(0, 50).Select(i => world.Data(i % 2).InTransaction(tx => BackupCodes.Use(tx, world.Get<IdentityParts>(), new AccountId(person.Id), codes[0]))).ToArray();
        await gate.OpenWhenWaiting(10);
        (await Task.WhenAll(uses)).Count(used => used).ShouldBe(1);
        (await (await world.KnocksAs(person)).BackupCode(codes[0])).MustRefuse(IdentityRefusals.ChallengeFailed);
    }

    [Fact]
    [Covers("asvs-6.5.2", "asvs-11.4.2", "identity-57")]
    public async Task Asvs_6_5_2_A_dump_holds_salted_hashes_from_which_nothing_can_be_tried()
    {
        var (person, other) = (await world.Person(), await world.Person());
        var (_, codes) = await person.SetsUpTotp();
        await other.SetsUpTotp();
        var row = await world.Database.Value<string>("select string_agg(encode(hash, 'hex') || encode(salt, 'hex'), ' ') from identity.backup_codes where account_id = $1", person.Id);
        foreach (var code in codes)
        {
            row.ShouldNotContain(Convert.ToHexStringLower(Encoding.ASCII.GetBytes(code.Replace("-", "", StringComparison.Ordinal))));
            row.ShouldNotContain(Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(code.Replace("-", "", StringComparison.Ordinal)))));
        }
        (await world.Database.Count("(select distinct salt from identity.backup_codes where account_id = $1) s", person.Id)).ShouldBe(1);
        (await world.Database.Count("(select distinct salt from identity.backup_codes where account_id in ($1, $2)) s", person.Id, other.Id)).ShouldBe(2);
        (await world.Database.Count("(select distinct hash from identity.backup_codes where account_id = $1) s", person.Id)).ShouldBe(10);
        // A hash that is moved to another account opens nothing there.
        await world.Database.Execute("delete from identity.backup_codes where account_id = $1", other.Id);
        await world.Database.Execute("insert into identity.backup_codes (account_id, hash, salt, created_at) select $2, hash, salt, created_at from identity.backup_codes where account_id = $1", person.Id, other.Id);
        (await (await world.KnocksAs(other)).BackupCode(codes[0])).MustRefuse(IdentityRefusals.ChallengeFailed);
    }

    [Fact]
    [Covers("asvs-11.4.2")]
    public async Task Asvs_11_4_2_What_is_stored_is_pbkdf2_over_a_key_that_the_database_has_not()
    {
        var person = await world.Person();
        var (_, codes) = await person.SetsUpTotp();
        var salt = await world.Database.Value<byte[]>("select salt from identity.backup_codes where account_id = $1 limit 1", person.Id);
        var keyed = HMACSHA512.HashData(new MasterKey(World.MasterKey).Derive("identity.backup-code"), Encoding.ASCII.GetBytes($"{new AccountId(person.Id)} {codes[0].Replace("-", "", StringComparison.Ordinal)}"));
        var hash = Rfc2898DeriveBytes.Pbkdf2(keyed, salt, 1000, HashAlgorithmName.SHA512, 32);
        (await world.Database.Count("identity.backup_codes where account_id = $1 and hash = $2", person.Id, hash)).ShouldBe(1);
    }

    [Fact]
    [Covers("asvs-6.5.3")]
    public async Task Asvs_6_5_3_Ten_codes_of_80_bits_each_its_own()
    {
        var (_, codes) = await (await world.Person()).SetsUpTotp();
        codes.Distinct(StringComparer.Ordinal).Count().ShouldBe(10);
        codes.ShouldAllBe(code => code.Length == 19 && code.Replace("-", "", StringComparison.Ordinal).All(c => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".Contains(c)));
    }

    [Fact]
    [Covers("I-6")]
    public async Task A_code_is_taken_as_people_copy_it_from_paper_and_the_owner_is_told()
    {
        var person = await world.Person();
        var (_, codes) = await person.SetsUpTotp();
        (await (await world.KnocksAs(person)).BackupCode($" {codes[1].ToLowerInvariant().Replace('-', ' ')} ")).Must();
        (await (await world.KnocksAs(person)).BackupCode(codes[2].Replace("-", "", StringComparison.Ordinal).Replace('O', '0').Replace('I', '1').Replace('B', '8'))).Must();
        (await world.Told(person, "backup_code_used")).ShouldBe(2);
        foreach (var nonsense in (string[])["", "----", new string('A', 5000), codes[3][..^1]])
            (await (await world.KnocksAs(person)).BackupCode(nonsense)).MustRefuse(IdentityRefusals.ChallengeFailed);
    }

    [Fact]
    [Covers("I-6", "asvs-7.4.3")]
    public async Task Asvs_7_4_3_New_codes_void_the_old_ones_and_end_other_sessions()
    {
        var person = await world.Person();
        (await person.Post("auth/backup-codes")).MustRefuse(IdentityRefusals.NoSecondFactor);
        var (app, old) = await person.SetsUpTotp();
        var phone = new Person(world, person.Id, person.Email).Takes((await (await world.KnocksAs(person)).Totp(await app.NextCode())).Must());
        var issued = (await person.Post("auth/backup-codes")).Must(201);
        issued.At("backupCodes").GetArrayLength().ShouldBe(10);
        (await phone.Get("me")).MustRefuse(IdentityRefusals.SessionExpired);
        (await (await world.KnocksAs(person)).BackupCode(old[0])).MustRefuse(IdentityRefusals.ChallengeFailed);
        (await (await world.KnocksAs(person)).BackupCode(issued.Word("backupCodes.0"))).Must();
        (await world.Told(person, "backup_codes_issued")).ShouldBe(1);
        // Nobody can be shown them again.
        (await person.Get("auth/factors")).Must().Text.ShouldNotContain(issued.Word("backupCodes.1"));
    }
}
