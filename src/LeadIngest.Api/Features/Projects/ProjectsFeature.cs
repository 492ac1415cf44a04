using LeadIngest.Api.Http;
using LeadIngest.Api.Http.Access;

namespace LeadIngest.Api.Features.Projects;

/// <summary>The settings of one business.</summary>
internal static class ProjectsFeature
{
    public static void MapProjects(this IEndpointRouteBuilder v1)
    {
        var projects = v1.MapGroup("/projects").WithTags("Projects").Needs(Right.Names);
        projects.MapEndpoint<ListProjects>().SpansProjects();
        projects.MapEndpoint<CreateProject>().SpansProjects().TakesNewcomers();
        projects.MapEndpoint<GetProjectsOverview>().SpansProjects();
        projects.MapEndpoint<GetProject>();
        projects.MapEndpoint<UpdateProject>().Needs(Right.Settings);
    }
}
