using System.Text.Json;

namespace Guildhall.Tests.Marketplace.ClientProjects;

/// <summary>A project over HTTP: a provider, their client who has paid a booking, and the project as it was last seen.</summary>
internal sealed class Work(World world, Seller seller, Person client, Answer booking)
{
    public Person Provider => seller.Person;

    public Person Client => client;

    public Answer Booking => booking;

    public string Id { get; private set; } = "";

    /// <summary>The provider's view.</summary>
    public async Task<Answer> Now() => (await Provider.Get(Path())).Must();

    public string Path(string more = "") => $"client-projects/{Id}{more}";

    /// <summary>Somebody has paid a booking with somebody.</summary>
    public static async Task<Work> Between(World world, Seller? seller = null, Person? client = null)
    {
        seller ??= await world.Provider();
        client ??= await world.Customer();
        return new Work(world, seller, client, await client.BooksAndPays(seller));
    }

    /// <summary>The same with a project that was opened.</summary>
    public static async Task<Work> Opened(World world, Seller? seller = null, Person? client = null)
    {
        var work = await Between(world, seller, client);
        await work.Begins();
        await work.Does("open");
        return work;
    }

    public async Task<Answer> Begins(string title = "New kitchen")
    {
        var made = (await TriesToBegin(Provider, title)).Must(201);
        Id = made.Word("id");
        return made;
    }

    public Task<Answer> TriesToBegin(Person who, string title = "New kitchen", string? key = null) => who.Post("client-projects", new { booking = booking.Word("id"), title, description = "All of it." }, key);

    public async Task<Answer> Does(string act) => (await Tries(Provider, act)).Must();

    public async Task<Answer> Tries(Person who, string act) => await who.Post(Path($"/actions/{act}"), new { revision = (await Now()).At("revision").GetInt32() });

    /// <summary>A milestone by its place, as it stands.</summary>
    public async Task<JsonElement> Milestone(int no = 1) => (await Now()).At($"milestones.{no - 1}");

    public async Task<string> MilestoneId(int no = 1) => (await Milestone(no)).GetProperty("id").GetString()!;

    public async Task<Answer> Adds(string title = "Plan", long? minor = 500_000, string due = "2031-05-01") => (await TriesToAdd(Provider, title, minor, due)).Must(201);

    public Task<Answer> TriesToAdd(Person who, string title = "Plan", long? minor = 500_000, string due = "2031-05-01", string currency = "KWD") =>
        who.Post(Path("/milestones"), new { title, dueOn = due, amount = minor is null ? null : new { minor, currency } });

    public async Task<Answer> Changes(Person who, int no, object body) => await who.Put(Path($"/milestones/{await MilestoneId(no)}"), body);

    /// <summary>An act on a milestone as it stands.</summary>
    public async Task<Answer> Moves(Person who, string act, int no = 1, string? note = null, string? key = null, int? revision = null)
    {
        var milestone = await Milestone(no);
        return await who.Post(Path($"/milestones/{milestone.GetProperty("id").GetString()}/actions/{act}"), new { revision = revision ?? milestone.GetProperty("revision").GetInt32(), note }, key);
    }

    public async Task Delivers(int no = 1)
    {
        (await Moves(Provider, "start", no)).Must();
        (await Moves(Provider, "deliver", no)).Must();
    }

    public async Task IsAccepted(int no = 1)
    {
        await Delivers(no);
        (await Moves(Client, "accept", no)).Must();
    }

    public async Task<Answer> Invoices(Person who, int no = 1, int dueDays = 14) => await who.Post(Path($"/milestones/{await MilestoneId(no)}/actions/invoice"), new { dueDays });

    /// <summary>Somebody waits for the row that puts everything in order, until all of them do.</summary>
    public Task<Gate> Gate() => Support.Gate.Close(world.Database, "select 1 from marketplace.client_projects where id = $1 for update", Guid);

    public Guid Guid => Guildhall.Foundation.Id.TryParse<Guildhall.Marketplace.ClientProjectId>(Id, out var id) ? id.Value : throw new InvalidOperationException("There is no project yet.");

    public async Task<string> State(int no = 1) => (await Milestone(no)).GetProperty("state").GetString()!;
}
