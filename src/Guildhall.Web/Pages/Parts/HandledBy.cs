using System.Reflection;

namespace Guildhall.Web.Pages.Parts;

/// <summary>What a form's route runs, for whoever reads the routes: the endpoint itself only knows the lambda that checks the form.</summary>
internal sealed record HandledBy(MethodInfo Method);
