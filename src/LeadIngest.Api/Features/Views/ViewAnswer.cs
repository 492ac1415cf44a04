using System.Text;
using System.Text.Json;
using FluentValidation;
using LeadIngest.Api.Http;
using LeadIngest.Api.Http.Access;

namespace LeadIngest.Api.Features.Views;

/// <summary>Settings of a page under a name.</summary>
/// <param name="Page"><c>sources</c>, <c>leads</c>, <c>clients</c>, <c>calls</c>, <c>funnel</c>, <c>retention</c>, <c>team</c> or <c>forgotten</c>.</param>
/// <param name="Settings">As the page wrote them.</param>
/// <param name="IsShared">Everybody in the project sees it.</param>
/// <param name="IsOwn">Made by the caller. Only the maker and owners of the project change it.</param>
internal sealed record ViewAnswer(Guid Id, string Page, string Name, JsonElement Settings, bool IsShared, bool IsOwn, DateTimeOffset CreatedAt)
{
    public static readonly string[] Pages = ["sources", "leads", "clients", "calls", "funnel", "retention", "team", "forgotten"];

    private const int MostBytes = 8 * 1024;

    /// <param name="Page">One of the pages.</param>
    /// <param name="Name">1 to 200 characters.</param>
    /// <param name="Settings">An object; 8 KB at most.</param>
    /// <param name="IsShared">Everybody in the project sees it; false when absent. An API key's view is always shared.</param>
    internal sealed record Request(string Page, string Name, JsonElement Settings, bool? IsShared);

    internal sealed class Validator : AbstractValidator<Request>
    {
        public Validator()
        {
            RuleFor(r => r.Page).NotNull().OneOf(Pages);
            RuleFor(r => r.Name).Must(n => Core.Identities.Text.CleanLine(n, 200) is { Length: > 0 }).WithMessage("1 to 200 characters.").MaximumLength(200);
            RuleFor(r => r.Settings).Must(s => s.ValueKind == JsonValueKind.Object).WithMessage("Must be an object.");
            RuleFor(r => r.Settings).Must(s => Encoding.UTF8.GetByteCount(s.GetRawText()) <= MostBytes).When(r => r.Settings.ValueKind == JsonValueKind.Object).WithMessage("8 KB at most.");
            RuleFor(r => r.Settings).Must(s => !s.GetRawText().Contains("\\u0000", StringComparison.Ordinal)).When(r => r.Settings.ValueKind == JsonValueKind.Object).WithMessage("Must not contain NUL.");
        }
    }

    public const string Example = """{"page":"sources","name":"Поиск по кампаниям","settings":{"groupBy":["source","campaign"],"columns":["spend","leads","cpl"]},"isShared":true}""";
}

/// <summary>A row of <c>saved_views</c>.</summary>
internal sealed record ViewRow(Guid Id, string Page, string Name, string Settings, bool IsShared, Guid? UserId, DateTimeOffset CreatedAt)
{
    public const string Columns = "id, page, name, settings::text as settings, is_shared, user_id, created_at";

    /// <summary>Of <c>@User</c>, whom an API key has none.</summary>
    public const string Seen = "(is_shared or user_id = @User)";

    public ViewAnswer Answer(Caller caller) => new(Id, Page, Name, JsonSerializer.Deserialize<JsonElement>(Settings), IsShared, UserId == caller.UserId, CreatedAt);

    public bool MayChange(Caller caller) => UserId == caller.UserId || caller.Role is Roles.Owner or Roles.Key;
}
