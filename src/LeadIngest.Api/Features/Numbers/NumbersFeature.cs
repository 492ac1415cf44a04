using LeadIngest.Api.Http;

namespace LeadIngest.Api.Features.Numbers;

/// <summary>The tracking numbers of a project and how far they suffice.</summary>
internal static class NumbersFeature
{
    public static void MapNumbers(this IEndpointRouteBuilder v1)
    {
        var numbers = v1.MapGroup("/numbers").WithTags("Numbers");
        numbers.MapEndpoint<ListNumbers>();
        numbers.MapEndpoint<CreateNumbers>();
        numbers.MapEndpoint<GetNumber>();
        numbers.MapEndpoint<UpdateNumber>();
        numbers.MapEndpoint<DeleteNumber>();
        numbers.MapEndpoint<GetNumberUsage>();
        numbers.MapEndpoint<GetNumberAdvice>();
    }
}
