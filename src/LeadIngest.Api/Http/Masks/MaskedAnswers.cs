using System.Text.Json;
using LeadIngest.Api.Http.Access;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace LeadIngest.Api.Http.Masks;

/// <summary>
/// Around every logged-in route: an answer to a caller who may not see how people are reached is written by <see cref="MaskedJson"/>. Files are masked by whoever writes them; files of people are
/// refused to such a caller altogether (<see cref="RefusesMasked"/>).
/// </summary>
internal sealed class MaskedAnswers(IOptions<Microsoft.AspNetCore.Http.Json.JsonOptions> json) : IEndpointFilter
{
    private readonly JsonSerializerOptions _masked = MaskedJson.Of(json.Value.SerializerOptions);

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var result = await next(context);
        if (SeesAll(context.HttpContext)) return result;
        while (result is INestedHttpResult nested) result = nested.Result;
        return result switch
        {
            null or ProblemHttpResult => result,
            // Of Created and Accepted: where the thing itself is found.
            IValueHttpResult { Value: { } value } => new Answer(value, (result as IStatusCodeHttpResult)?.StatusCode ?? 200, result.GetType().GetProperty("Location")?.GetValue(result) as string, _masked),
            IResult => result,
            var value => new Answer(value, 200, null, _masked),
        };
    }

    /// <summary>Nobody is masked where nobody is logged in: public routes answer nothing of people.</summary>
    public static bool SeesAll(HttpContext context) => context.Features.Get<Caller>()?.SeesContacts != false;

    /// <summary>Tells what it is like the answer that it stands for, whatever looks at it on its way out.</summary>
    private sealed class Answer(object value, int status, string? location, JsonSerializerOptions masked) : IResult, IValueHttpResult, IStatusCodeHttpResult
    {
        public object Value => value;
        public int? StatusCode => status;
        public string? Location => location;

        public Task ExecuteAsync(HttpContext context)
        {
            context.Response.StatusCode = status;
            if (location is not null) context.Response.Headers.Location = location;
            return context.Response.WriteAsJsonAsync(value, value.GetType(), masked, context.RequestAborted);
        }
    }
}

internal static class RefusesMasked
{
    public static ProblemHttpResult Refusal { get; } = Problems.Of(403, "contacts-hidden", "Contacts are hidden", "Whoever may not see phones and e-mail addresses cannot take people's data out.");

    /// <summary>Refuses the whole route to callers who may not see contacts.</summary>
    public static RouteHandlerBuilder ForThoseWhoSeeContacts(this RouteHandlerBuilder route) => route.ProducesProblem(StatusCodes.Status403Forbidden)
        .AddEndpointFilter(async (context, next) => MaskedAnswers.SeesAll(context.HttpContext) ? await next(context) : Refusal);
}
