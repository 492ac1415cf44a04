namespace LeadIngest.Api.Data;

/// <summary>
/// What the work under way may see of the database: within a request that asks for a login one project, and nothing at all until it is known which. Work that belongs to no
/// such request (workers, ingest, signing in) has none and sees everything, as it serves all projects.
/// </summary>
internal sealed class ProjectWall
{
    private static readonly AsyncLocal<ProjectWall?> OfThisFlow = new();

    /// <summary>Null: the work belongs to no request that asks for a login.</summary>
    public static ProjectWall? Current => OfThisFlow.Value;

    /// <summary>Null: nobody is known yet, and nothing is shown.</summary>
    public Guid? ProjectId { get; private set; }

    private ProjectWall() { }

    /// <summary>From here on nothing can be seen by this flow and what it starts, until <see cref="Show"/>.</summary>
    public static ProjectWall Raise() => OfThisFlow.Value = new();

    /// <summary>Who asks has proved to belong to this project. The same object is everywhere in the flow, so that a handler of authentication can tell those before it.</summary>
    public void Show(Guid project) => ProjectId = project;
}
