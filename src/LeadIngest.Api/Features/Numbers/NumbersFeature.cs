using LeadIngest.Api.Http;
using LeadIngest.Api.Http.Access;

namespace LeadIngest.Api.Features.Numbers;

/// <summary>The tracking numbers of a project and how far they suffice.</summary>
internal static class NumbersFeature
{
    public static void MapNumbers(this IEndpointRouteBuilder v1)
    {
        var numbers = v1.MapGroup("/numbers").WithTags("Numbers").Needs(Right.Settings);
        numbers.MapEndpoint<ListNumbers>().NeedsAny(Right.Settings | Right.Reports);
        numbers.MapEndpoint<CreateNumbers>();
        numbers.MapEndpoint<GetNumber>();
        numbers.MapEndpoint<UpdateNumber>();
        numbers.MapEndpoint<DeleteNumber>();
        numbers.MapEndpoint<GetNumberUsage>().NeedsAny(Right.Settings | Right.Reports);
        numbers.MapEndpoint<GetNumberAdvice>().NeedsAny(Right.Settings | Right.Reports);
    }
}
