using System.Globalization;
using Guildhall.Files.Upload;
using Guildhall.Foundation;
using Guildhall.Foundation.Data;
using Guildhall.Foundation.Http;
using Guildhall.Foundation.Security;
using Guildhall.Marketplace;
using Guildhall.Marketplace.ClientProjects;
using Guildhall.Web.Pages.Market.Bookings;
using Guildhall.Web.Pages.Parts;

namespace Guildhall.Web.Pages.Market.Projects;

/// <summary>What both sides of a project do by form.</summary>
internal static class ProjectForms
{
    private const string Base = "/client-projects/{id}", OfMilestone = Base + "/milestones/{milestone}";

    public static readonly string[] TextFields = ["booking", "title", "description"], MilestoneFields = ["title", "dueOn", "amount", "no"];

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapPosted("/desk/projects/new", "CreateProjectForm", Create).RequiresSignIn().Idempotent();
        app.MapPosted("/desk/projects/{id}/edit", "EditProjectForm", Edit).RequiresSignIn().ChecksSessionRow();
        app.MapPosted("/desk/projects/{id}/milestones/new", "AddMilestoneForm", AddMilestone).RequiresSignIn().Idempotent();
        app.MapPosted("/desk/projects/{id}/milestones/{milestone}", "ChangeMilestoneForm", ChangeMilestone).RequiresSignIn().ChecksSessionRow();
        app.MapPosted("/desk/projects/{id}/milestones/{milestone}/remove", "RemoveMilestoneForm", RemoveMilestone).RequiresSignIn().ChecksSessionRow();
        app.MapPosted(Base + "/moves/{act}", "MoveProjectForm", Move).RequiresSignIn().Idempotent();
        app.MapPosted(OfMilestone + "/moves/{act}", "MoveMilestoneForm", MoveOne).RequiresSignIn().Idempotent();
        app.MapPosted(OfMilestone + "/invoice", "InvoiceMilestoneForm", Invoice).RequiresSignIn().Idempotent();
        app.MapPosted(Base + "/bookings", "LinkBookingForm", Link).RequiresSignIn().ChecksSessionRow();
        app.MapPosted(Base + "/bookings/{booking}/unlink", "UnlinkBookingForm", Unlink).RequiresSignIn().ChecksSessionRow();
        app.MapPosted(Base + "/files", "ProjectFileForm", Send).RequiresSignIn().WithMetadata(FileForms.Limit, new RouteTime(TimeSpan.FromMinutes(5)));
    }

    private static async Task<IResult> Create(Posted form)
    {
        const string page = "/desk/projects/new";
        if (!Id.TryParse<BookingId>(form["booking"], out var booking)) return form.Refused(page, Wrong("booking", form.T("Choose a client.", "اختر عميلًا.")), TextFields);
        var made = await CreateClientProject.Run(form.Database, form.Caller, new CreateClientProject.Body(booking, form["title"], form["description"]), form.Stop);
        return made.Is(out var project, out var refusal)
            ? form.Done($"/desk/projects/{project.Id}", form.T("Begun. Add its milestones, then open it for the client.", "بدأ. أضف مراحله ثم افتحه للعميل.")) : form.Refused(page, refusal, TextFields);
    }

    private static async Task<IResult> Edit(Posted form)
    {
        var id = form.Id<ClientProjectId>();
        var changed = await EditClientProject.Run(form.Database, form.Caller, id, new EditClientProject.Body(form["title"], form["description"], Number(form["revision"])), form.Stop);
        if (changed.Is(out _, out var refusal)) return form.Done($"/desk/projects/{id}", form.T("Saved.", "حُفظ."));
        return refusal.Status == 404 ? refusal.ToHttp() : form.Refused($"/desk/projects/{id}/edit", refusal, TextFields);
    }

    private static async Task<IResult> AddMilestone(Posted form)
    {
        var (id, page) = (form.Id<ClientProjectId>(), $"/desk/projects/{form.Id<ClientProjectId>()}/milestones/new");
        if (!(await Read(form, id)).Is(out var body, out var refusal)) return refusal.Status == 404 ? refusal.ToHttp() : form.Refused(page, refusal, MilestoneFields);
        var added = await EditMilestone.Add(form.Database, form.Caller, id, body, form.Stop);
        if (added.Is(out _, out refusal)) return form.Done($"/desk/projects/{id}#milestones", form.T("Added.", "أُضيفت."));
        return refusal.Status == 404 ? refusal.ToHttp() : form.Refused(page, refusal, MilestoneFields);
    }

    private static async Task<IResult> ChangeMilestone(Posted form)
    {
        var (id, milestone) = (form.Id<ClientProjectId>(), form.Id<MilestoneId>("milestone"));
        var page = $"/desk/projects/{id}/milestones/{milestone}";
        if (!(await Read(form, id)).Is(out var body, out var refusal)) return refusal.Status == 404 ? refusal.ToHttp() : form.Refused(page, refusal, MilestoneFields);
        var changed = await EditMilestone.Change(form.Database, form.Caller, id, milestone, body, form.Stop);
        if (changed.Is(out _, out refusal)) return form.Done($"/desk/projects/{id}#milestones", form.T("Saved.", "حُفظ."));
        return refusal.Status == 404 ? refusal.ToHttp() : form.Refused(page, refusal, MilestoneFields);
    }

    private static async Task<IResult> RemoveMilestone(Posted form) => await Answer(form,
        await EditMilestone.Remove(form.Database, form.Caller, form.Id<ClientProjectId>(), form.Id<MilestoneId>("milestone"), Number(form["revision"]), form.Stop), "#milestones", form.T("Removed.", "حُذفت."));

    private static async Task<IResult> Move(Posted form)
    {
        if (Act<ProjectAct>(form) is not { } act) return MarketplaceRefusals.ClientProjectNotFound.ToHttp();
        return await Answer(form, await MoveClientProject.Run(form.Database, form.Caller, form.Id<ClientProjectId>(), act, new MoveClientProject.Body(Number(form["revision"])), form.Stop), "", form.T("Done.", "تم."));
    }

    private static async Task<IResult> MoveOne(Posted form)
    {
        if (Act<MilestoneAct>(form) is not { } act) return MarketplaceRefusals.ClientProjectNotFound.ToHttp();
        var milestone = form.Id<MilestoneId>("milestone");
        var body = new MoveMilestone.Body(Number(form["revision"]), act is MilestoneAct.RequestChanges ? form[$"note_{milestone}"] : null);
        return await Answer(form, await MoveMilestone.Run(form.Database, form.Caller, form.Id<ClientProjectId>(), milestone, act, body, form.Stop), "#milestones", act switch
        {
            MilestoneAct.Deliver => form.T("Delivered. The client was told.", "سُلّمت وأُبلغ العميل."),
            MilestoneAct.Accept => form.T("Accepted. The provider was told.", "قُبلت وأُبلغ مقدّم الخدمة."),
            MilestoneAct.RequestChanges => form.T("The provider was told what should be different.", "أُبلغ مقدّم الخدمة بما تريده مختلفًا."),
            _ => form.T("Done.", "تم."),
        });
    }

    private static async Task<IResult> Invoice(Posted form) => await Answer(form,
        await InvoiceMilestone.Run(form.Database, form.Get<MasterKey>(), form.Caller, form.Id<ClientProjectId>(), form.Id<MilestoneId>("milestone"), new InvoiceMilestone.Body(Number(form["dueDays"])), form.Stop),
        "#milestones", form.T("The invoice is issued and on its way to the client.", "صدرت الفاتورة وهي في طريقها إلى العميل."));

    private static async Task<IResult> Link(Posted form) => await Answer(form,
        await LinkBooking.Link(form.Database, form.Caller, form.Id<ClientProjectId>(), Id.TryParse<BookingId>(form["booking"], out var booking) ? booking : default, form.Stop),
        "#bookings", form.T("It belongs to the project now.", "أصبح جزءًا من المشروع."));

    private static async Task<IResult> Unlink(Posted form) => await Answer(form,
        await LinkBooking.Unlink(form.Database, form.Caller, form.Id<ClientProjectId>(), form.Id<BookingId>("booking"), form.Stop), "#bookings", form.T("It does not belong to the project any more.", "لم يعد جزءًا من المشروع."));

    private static async Task<IResult> Send(Posted form)
    {
        if (!(await ReadClientProject.Run(form.Database, form.Caller, form.Id<ClientProjectId>(), form.Stop)).Is(out var project, out var refusal)) return refusal.ToHttp();
        return (await FileForms.Put(form, project.Id.ToString(), UploadKind.File)).Is(out _, out refusal) ? form.Done(PageOf(project) + "#files", FileForms.Here(form)) : form.Sorry(PageOf(project), refusal);
    }

    // Whoever pressed sees the page of their side, changed or with why not.
    private static async Task<IResult> Answer(Posted form, Result<ClientProjectView> result, string at, string said)
    {
        if (result.Is(out var project, out var refusal)) return form.Done(PageOf(project) + at, said);
        if (refusal.Status == 404 || !(await ReadClientProject.Run(form.Database, form.Caller, form.Id<ClientProjectId>(), form.Stop)).Is(out project, out _)) return refusal.ToHttp();
        return form.Sorry(PageOf(project), refusal);
    }

    private static string PageOf(ClientProjectView project) => project.Role == ProjectSide.Client ? $"/my/projects/{project.Id}" : $"/desk/projects/{project.Id}";

    private static async Task<Result<EditMilestone.Body>> Read(Posted form, ClientProjectId id)
    {
        if (!(await ReadClientProject.Run(form.Database, form.Caller, id, form.Stop)).Is(out var project, out var refusal)) return refusal;
        if (!DateOnly.TryParseExact(form["dueOn"], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var due)) return Wrong("dueOn", form.T("Choose a day.", "اختر يومًا."));
        var amount = default(Amount);
        if (form["amount"].Length > 0 && !Amount.TryParse(form["amount"], project.Currency, CultureInfo.InvariantCulture, out amount))
            return Wrong("amount", form.T("Write the amount in digits, such as 12.500.", "اكتب المبلغ بالأرقام، مثل 12.500."));
        return new EditMilestone.Body(form["title"], due, form["amount"].Length > 0 ? amount : null, form["no"].Length > 0 ? Number(form["no"]) : null, form["revision"].Length > 0 ? Number(form["revision"]) : null);
    }

    private static TAct? Act<TAct>(Posted form) where TAct : struct, Enum
    {
        var name = form.Http.Request.RouteValues["act"]?.ToString();
        foreach (var act in Enum.GetValues<TAct>())
            if (string.Equals(Names.Of(act), name, StringComparison.Ordinal)) return act;
        return null;
    }

    private static int Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;

    private static Refusal Wrong(string name, string sentence) => FoundationRefusals.InvalidInput.With(("fields", new Dictionary<string, string>(StringComparer.Ordinal) { [name] = sentence }));
}
