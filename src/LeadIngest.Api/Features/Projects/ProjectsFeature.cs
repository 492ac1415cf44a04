using LeadIngest.Api.Http;

namespace LeadIngest.Api.Features.Projects;

/// <summary>The settings of one business.</summary>
internal static class ProjectsFeature
{
    public static void MapProjects(this IEndpointRouteBuilder v1)
    {
        var projects = v1.MapGroup("/projects").WithTags("Projects");
        projects.MapEndpoint<ListProjects>();
        projects.MapEndpoint<CreateProject>();
        projects.MapEndpoint<GetProjectsOverview>();
        projects.MapEndpoint<GetProject>();
        projects.MapEndpoint<UpdateProject>();
    }
}
