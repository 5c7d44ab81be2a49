using Guildhall.Foundation.Audit;
using Guildhall.Identity.Privacy;
using Guildhall.Verify;

namespace Guildhall.Tests.Identity.Privacy;

public sealed class EraseAccountTests(World world) : IClassFixture<World>
{
    [Fact]
    [Covers("I-15", "money-101", "I-13")]
    public async Task An_erased_person_is_nowhere_by_name_while_books_and_chain_still_verify()
    {
        var (customer, seller) = (await world.Customer(), await world.Provider());
        (await customer.Patch("me", new { displayName = "Layla Al-Sayed" })).Must();
        var booking = await customer.BooksAndPays(seller);
        var chat = Id.Format("cht", await world.Database.Value<Guid>("select id from marketplace.chats where customer_id = $1", customer.Id));
        (await customer.Post($"chats/{chat}/messages", new { clientId = "one", text = "My secret is the lantern" })).Must(201);
        await seller.Completes(booking);
        await customer.SignsIn();
        await world.JobsAreDone();
        (await Asks(customer)).Must(202);
        await world.Clock.Passes(14.Days());
        await Erased(customer);

        (await world.Visitor().Post("auth/sign-in", new { email = customer.Email, password = Person.Password })).MustRefuse(IdentityRefusals.SignInFailed);
        (await customer.Get("me")).Status.ShouldBe(401);
        (await world.Database.Value<string>("select state || ' ' || display_name from identity.accounts where id = $1", customer.Id)).ShouldBe("erased Erased person");
        await NowhereInText(customer.Email);
        await NowhereInText("Layla Al-Sayed");
        await NowhereInText("My secret is the lantern");
        (await world.Database.Count("foundation.person_keys where person_id = $1", customer.Id)).ShouldBe(0);
        var personal = await world.Database.Value<byte[]>("select personal from foundation.audit where person_id = $1 and personal is not null order by id limit 1", customer.Id);
        (await PersonKeys.Open(world.Data(), customer.Id, personal, default)).ShouldBeNull();

        (await VerifyCommand.Run(["--database", world.Database.Owner], new StringWriter())).ShouldBe(0);
        await world.EventuallyOr("the audit is sealed", async () => (await AuditQueries.SealLag(world.Data(), default)).Unsealed == 0);
        (await AuditSealer.FirstBadLink(world.Data(), default)).ShouldBeNull();
        (await world.Database.Count("money.orders where customer_id = $1 and state = 'paid'", customer.Id)).ShouldBe(1);
        (await world.Database.Count("money.entries e join money.journals j on j.id = e.journal_id join money.orders o on o.id = j.order_id where o.customer_id = $1", customer.Id)).ShouldBeGreaterThan(0);
        // The other side keeps what they sold, and can still look at it.
        await seller.Person.SignsIn();
        (await seller.Person.SeesBooking(booking)).Word("state").ShouldBe("completed");
        // The address is free again, for somebody new.
        (await world.Visitor().Post("auth/register", new { email = customer.Email, password = "seven loud silver trains", displayName = "New" })).Must(202);
    }

    [Fact]
    [Covers("I-15")]
    public async Task While_money_is_open_it_is_refused_with_what_to_do()
    {
        var (customer, seller) = (await world.Customer(), await world.Provider());
        var booking = await customer.Books(seller);
        Reasons(await Asks(customer)).ShouldContain(r => r.Contains("not paid yet", StringComparison.Ordinal));
        await customer.Pays(booking);
        await customer.SeesBookingBecome(booking, "confirmed");
        Reasons(await Asks(customer)).ShouldContain(r => r.Contains("held until the order is done", StringComparison.Ordinal));
        Reasons(await Asks(seller.Person)).ShouldContain(r => r.Contains("booking", StringComparison.Ordinal));
        await seller.Completes(booking);
        await seller.Person.SignsIn();
        Reasons(await Asks(seller.Person)).ShouldContain(r => r.Contains("balance", StringComparison.Ordinal));
        await customer.SignsIn();
        (await Asks(customer)).Must(202);
    }

    [Fact]
    [Covers("I-15", "money-101")]
    public async Task What_ran_out_unpaid_does_not_keep_anybody()
    {
        var (customer, seller, staff) = (await world.Customer(), await world.Provider(), await world.Staff());
        var package = (await seller.Person.Post("providers/me/packages", new
        {
            name = "Three talks", sessions = 3, price = new { minor = 60_000, currency = "KWD" }, validDays = 30, unusedBackPercent = 50, services = new[] { seller.Service },
        })).Must(201);
        var sale = (await customer.Post($"packages/{package.Word("id")}/sales")).Must(201);
        (await staff.Post("admin/invoices", new
        {
            buyer = new AccountId(customer.Id).ToString(), provider = new AccountId(seller.Person.Id).ToString(), dueAt = world.Clock.Now.AddHours(20).ToString("O"),
            lines = new[] { new { text = "Work", amount = new { minor = 9_000, currency = "KWD" } } },
        })).Must(201);
        await customer.StartsToPay(sale);
        Reasons(await Asks(customer)).ShouldContain(r => r.Contains("not paid yet", StringComparison.Ordinal));
        await world.Clock.Passes(1.Days());
        await world.EventuallyOr("the order of the package ends", async () =>
            await world.Database.Count("money.orders where customer_id = $1 and purpose = 'package' and state = 'cancelled'", customer.Id) == 1);
        await world.JobsAreDone();
        foreach (var side in new[] { customer, seller.Person })
        {
            await side.SignsIn();
            (await side.Get("me/erasure")).Must();
        }
        (await Asks(customer)).Must(202);
        (await Asks(seller.Person)).Must(202);
    }

    [Fact]
    [Covers("I-15")]
    public async Task For_two_weeks_it_can_be_taken_back()
    {
        var person = await world.Customer();
        (await Asks(person)).Must(202);
        (await Asks(person)).MustRefuse(IdentityRefusals.ErasureWaiting);
        (await person.Get("me/erasure")).Must().At("waiting.dueAt").GetDateTimeOffset().ShouldBe(world.Clock.Now.AddDays(14), TimeSpan.FromMinutes(1));
        (await person.Post("me/erasure/actions/take-back")).Must(204);
        (await person.Post("me/erasure/actions/take-back")).MustRefuse(IdentityRefusals.ErasureNotWaiting);
        await world.Clock.Passes(15.Days());
        await world.JobsAreDone();
        await person.SignsIn();
        (await person.Get("me")).Must().Word("email").ShouldBe(person.Email);
    }

    [Fact]
    [Covers("I-15")]
    public async Task What_stands_against_it_when_it_is_due_puts_it_off_and_the_person_is_told_once()
    {
        var (customer, seller) = (await world.Customer(), await world.Provider());
        (await Asks(customer)).Must(202);
        await world.Clock.Passes(13.Days());
        await customer.SignsIn();
        var booking = await customer.BooksAndPays(seller);
        await world.Clock.Passes(1.Days());
        await world.EventuallyOr("it was put off", async () => await world.Database.Value<string>("select stands_against from identity.erasures where account_id = $1", customer.Id) is not null);
        (await world.Told(customer.Id, "erasure_waits")).ShouldBe(1);
        await seller.Completes(booking);
        for (var day = 0; day < 4 && await world.Database.Count("identity.erasures where account_id = $1 and state = 'erased'", customer.Id) == 0; day++)
        {
            await world.Clock.Passes(1.Days());
            await world.JobsAreDone();
        }
        await Erased(customer);
        (await world.Told(customer.Id, "erasure_waits")).ShouldBe(1);
    }

    [Fact]
    [Covers("I-15", "I-12")]
    public async Task Staff_note_the_wish_of_somebody_else_with_a_reason_and_can_keep_the_account()
    {
        var (admin, finance, person) = (await world.Staff(), await world.Staff("finance"), await world.Customer());
        var account = new AccountId(person.Id);
        (await finance.Post($"admin/accounts/{account}/actions/erase", new { why = "asked by letter" })).MustRefuse(FoundationRefusals.NotAllowed);
        (await admin.Post($"admin/accounts/{account}/actions/erase", new { why = "" })).MustRefuse(FoundationRefusals.InvalidInput);
        (await admin.Post($"admin/accounts/{new AccountId(admin.Id)}/actions/erase", new { why = "tired" })).MustRefuse(IdentityRefusals.NotYourself);
        Reasons(await admin.Post($"admin/accounts/{new AccountId(finance.Id)}/actions/erase", new { why = "left us" })).ShouldContain(r => r.Contains("roles of staff", StringComparison.Ordinal));
        (await admin.Post($"admin/accounts/{account}/actions/erase", new { why = "asked by letter" })).Must(202);
        (await world.Told(person.Id, "erasure_asked")).ShouldBe(1);
        (await admin.Post($"admin/accounts/{account}/actions/keep", new { why = "changed their mind" })).Must(204);
        (await world.Database.Value<string>("select why from foundation.audit where action = 'account.erasure_asked' and subject_id = $1", account.ToString())).ShouldBe("asked by letter");
    }

    [Fact]
    [Covers("I-15", "I-12")]
    public async Task An_erased_account_stays_what_it_is()
    {
        var (admin, person) = (await world.Staff(), await world.Customer());
        var account = new AccountId(person.Id);
        (await Asks(person)).Must(202);
        await world.Clock.Passes(14.Days());
        await Erased(person);
        await admin.SignsIn();
        foreach (var act in new[] { "suspend", "reactivate" }) (await admin.Post($"admin/accounts/{account}/actions/{act}", new { why = "because" })).MustRefuse(IdentityRefusals.WrongAccountState);
        (await admin.Post($"admin/accounts/{account}/actions/impersonate", new { why = "because" })).MustRefuse(IdentityRefusals.CannotLookAs);
        (await admin.Post($"admin/accounts/{account}/actions/erase", new { why = "because" })).MustRefuse(IdentityRefusals.WrongAccountState);
        (await admin.Put($"admin/accounts/{account}/roles", new { roles = (string[])["admin"], why = "because" })).MustRefuse(IdentityRefusals.WrongAccountState);
        (await admin.Get($"admin/accounts/{account}")).Must().Word("state").ShouldBe("erased");
        (await admin.Get("admin/accounts?state=erased")).Must().At("items").EnumerateArray().Select(i => i.GetProperty("id").GetString()).ShouldContain(account.ToString());
    }

    [Fact]
    [Covers("I-15")]
    public async Task A_wrong_password_and_an_old_proof_ask_for_nothing()
    {
        var person = await world.Customer();
        (await person.Post("me/erasure", new { password = "not mine at all" })).MustRefuse(IdentityRefusals.ErasurePasswordWrong);
        await person.ProvedLongAgo();
        (await Asks(person)).MustRefuse(FoundationRefusals.StepUpRequired);
        (await world.Database.Count("identity.erasures where account_id = $1", person.Id)).ShouldBe(0);
    }

    [Fact]
    [Covers("I-9", "I-15")]
    public async Task After_five_wrong_passwords_the_right_one_asks_for_no_erasure_either()
    {
        var person = await world.Customer();
        for (var i = 0; i < 5; i++) (await person.Post("me/erasure", new { password = "not mine at all " + i })).MustRefuse(IdentityRefusals.ErasurePasswordWrong);
        (await Asks(person)).MustRefuse(FoundationRefusals.RateLimited).Headers.ShouldContainKey("Retry-After");
        (await world.Database.Count("identity.erasures where account_id = $1", person.Id)).ShouldBe(0);
    }

    /// <summary>A table with an account in it is emptied by an erasure or kept on purpose: a new one has to be thought of.</summary>
    [Fact]
    [Covers("I-15")]
    public async Task Every_table_that_holds_an_account_is_thought_of() =>
        (await world.Database.Column<string>("select table_name::text from information_schema.columns where table_schema = 'identity' and column_name = 'account_id' order by table_name"))
            .ShouldBe(IdentityPersonalData.Emptied.Concat(IdentityPersonalData.Kept).Order(StringComparer.Ordinal));

    private static Task<Answer> Asks(Person person) => person.Post("me/erasure", new { password = Person.Password });

    private static string[] Reasons(Answer answer) => [.. answer.MustRefuse(IdentityRefusals.ErasureNotPossible).At("reasons").EnumerateArray().Select(r => r.GetString()!)];

    private Task Erased(Person person) => world.EventuallyOr("the account is erased", async () => await world.Database.Count("identity.erasures where account_id = $1 and state = 'erased'", person.Id) == 1);

    // Every text, JSON and byte column of every module, but what the outside world said in its own words (kept by law with the books).
    private async Task NowhereInText(string words)
    {
        var columns = await world.Database.Rows("""
            select table_schema::text, table_name::text, column_name::text from information_schema.columns
            where table_schema in ('foundation', 'identity', 'messaging', 'marketplace', 'operations', 'files') and data_type in ('text', 'jsonb') order by 1, 2, 3
            """);
        foreach (var column in columns)
            (await world.Database.Count($"{column[0]}.{column[1]} where {column[2]}::text like '%' || $1 || '%'", words)).ShouldBe(0, $"{words} stands in {column[0]}.{column[1]}.{column[2]}");
    }
}
