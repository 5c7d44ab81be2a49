using Guildhall.Marketplace.ClientProjects;
using Guildhall.Web.Components.Data;
using Guildhall.Web.Components.Text;

namespace Guildhall.Web.Pages.Market.Projects;

/// <summary>Client projects in the words of people.</summary>
internal static class ProjectWords
{
    public static StateLook Look(ClientProjectState state) => state switch
    {
        ClientProjectState.Draft => new(new("Draft", "مسودة"), "file", Tone.Neutral),
        ClientProjectState.Active => new(new("Active", "جارٍ"), "clock", Tone.Accent),
        ClientProjectState.Paused => new(new("Paused", "متوقف مؤقتًا"), "lock", Tone.Warn),
        ClientProjectState.Completed => new(new("Completed", "مكتمل"), "check", Tone.Good),
        ClientProjectState.Cancelled => new(new("Cancelled", "ملغى"), "x", Tone.Neutral),
    };

    public static StateLook Look(MilestoneState state) => state switch
    {
        MilestoneState.Planned => new(new("Planned", "مخططة"), "calendar", Tone.Neutral),
        MilestoneState.InProgress => new(new("In progress", "قيد التنفيذ"), "clock", Tone.Accent),
        MilestoneState.Delivered => new(new("Waits for the client", "بانتظار العميل"), "question", Tone.Warn),
        MilestoneState.Accepted => new(new("Accepted", "مقبولة"), "check", Tone.Good),
        MilestoneState.ChangesRequested => new(new("Changes requested", "طُلبت تعديلات"), "undo", Tone.Warn),
    };

    /// <summary>How the project stands, why, and what comes next.</summary>
    public static Phrase Says(ClientProjectView project) => project.State switch
    {
        ClientProjectState.Draft => new("Only you see it. Open it when its milestones are as you want to offer them.", "لا يراه سواك. افتحه عندما تصبح مراحله كما تريد عرضها."),
        ClientProjectState.Paused => new("Nothing goes on until it is resumed. Files and bookings stay.", "لا يستمر شيء حتى يُستأنف. تبقى الملفات والحجوزات."),
        ClientProjectState.Completed => new("Everything was accepted. It stays here to be read.", "قُبل كل شيء، ويبقى هنا للقراءة."),
        ClientProjectState.Cancelled => new("It was cancelled. What was accepted stays accepted.", "أُلغي المشروع. ما قُبل يبقى مقبولًا."),
        ClientProjectState.Active when project.Milestones.Any(m => m.State == MilestoneState.Delivered) => project.Role == ProjectSide.Client
            ? new("Something was delivered and waits for you.", "سُلّم شيء وينتظرك.") : new("What was delivered waits for the client.", "ما سُلّم ينتظر العميل."),
        ClientProjectState.Active when project.Milestones.Count > 0 && project.Milestones.All(m => m.State == MilestoneState.Accepted) => new("Every milestone is accepted.", "قُبلت كل المراحل."),
        ClientProjectState.Active => new("The work goes on milestone by milestone.", "يسير العمل مرحلة بعد مرحلة."),
    };

    public static Phrase Act(ProjectAct act) => act switch
    {
        ProjectAct.Open => new("Open it for the client", "افتحه للعميل"),
        ProjectAct.Pause => new("Pause", "أوقف مؤقتًا"),
        ProjectAct.Resume => new("Resume", "استأنف"),
        ProjectAct.Complete => new("Complete the project", "أكمل المشروع"),
        ProjectAct.Cancel => new("Cancel the project", "ألغِ المشروع"),
    };

    public static IEnumerable<TimelineEntry> History(ClientProjectView project, string language)
    {
        var titles = project.Milestones.ToDictionary(m => m.Id, m => m.Title);
        foreach (var one in project.Events)
        {
            var about = one.MilestoneId is { } id ? ": " + titles.GetValueOrDefault(id, "–") : "";
            var who = one.Side switch { ProjectSide.Client => project.ClientName, ProjectSide.Provider => project.ProviderName, _ => new Phrase("Staff", "فريقنا").In(language) };
            yield return new(one.At, What(one.Kind).In(language) + about, who, one.Note, IconOf(one.Kind), ToneOf(one.Kind));
        }
    }

    private static Phrase What(ProjectEventKind kind) => kind switch
    {
        ProjectEventKind.Created => new("Begun as a draft", "بدأ كمسودة"),
        ProjectEventKind.Opened => new("Opened", "فُتح"),
        ProjectEventKind.Paused => new("Paused", "أُوقف مؤقتًا"),
        ProjectEventKind.Resumed => new("Resumed", "استُؤنف"),
        ProjectEventKind.Completed => new("Completed", "اكتمل"),
        ProjectEventKind.Cancelled => new("Cancelled", "أُلغي"),
        ProjectEventKind.Started => new("Begun", "بدأت"),
        ProjectEventKind.Delivered => new("Delivered", "سُلّمت"),
        ProjectEventKind.Accepted => new("Accepted", "قُبلت"),
        ProjectEventKind.ChangesRequested => new("Changes requested", "طُلبت تعديلات"),
        ProjectEventKind.Invoiced => new("Invoiced", "صدرت فاتورتها"),
    };

    private static string IconOf(ProjectEventKind kind) => kind switch
    {
        ProjectEventKind.Accepted or ProjectEventKind.Completed => "check",
        ProjectEventKind.ChangesRequested => "undo",
        ProjectEventKind.Cancelled => "x",
        ProjectEventKind.Invoiced => "list",
        _ => "dot",
    };

    private static Tone ToneOf(ProjectEventKind kind) => kind switch
    {
        ProjectEventKind.Accepted or ProjectEventKind.Completed => Tone.Good,
        ProjectEventKind.ChangesRequested => Tone.Warn,
        _ => Tone.Neutral,
    };
}
