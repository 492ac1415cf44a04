using FluentValidation;
using LeadIngest.Api.Http;
using LeadIngest.Core.Identities;
using LeadIngest.Core.Passports;

namespace LeadIngest.Api.Features.Sources;

/// <summary>A line of the dictionary as people write it.</summary>
/// <param name="Source"><c>utm_source</c> in any case, the name of a label's source, or the host of a referrer; <c>*</c> for any source, then with a medium.</param>
/// <param name="Medium">An exact <c>utm_medium</c> (<c>cpc</c>) or a kind of them (<c>@paid</c>, <c>@organic</c>, …). Absent: any medium and none.</param>
/// <param name="Name">The name for people: «Яндекс.Директ». Absent: the source as it was written.</param>
/// <param name="Channel">One of the passport's channels, <c>unknown</c> excepted.</param>
/// <param name="Note">Why, for people; at most 500 characters.</param>
internal sealed record SourceLine(string Source, string? Medium, string? Name, string Channel, string? Note)
{
    public const string Example = """{"source":"blogger","medium":"post","name":"Блогеры","channel":"organic_social","note":"Обзоры по бартеру"}""";

    internal sealed class Validator : AbstractValidator<SourceLine>
    {
        public Validator()
        {
            RuleFor(l => l.Source).Must(s => SourceEntry.KeyOf(s) is not null).WithMessage("Not empty.").MaximumLength(SourceEntry.LongestText);
            RuleFor(l => l.Medium).MaximumLength(SourceEntry.LongestText)
                .Must(m => MediumOf(m) is var kind && (!kind.StartsWith('@') || SourceEntry.MediumKinds.Contains(kind))).WithMessage($"A kind of mediums is one of: {string.Join(", ", SourceEntry.MediumKinds)}.")
                .Must((l, m) => MediumOf(m).Length > 0 || SourceEntry.KeyOf(l.Source) != SourceDictionary.AnySource).WithMessage("Any source with any medium would be every visit there is: name a medium.");
            RuleFor(l => l.Name).MaximumLength(SourceEntry.LongestText);
            RuleFor(l => l.Channel).NotNull().OneOf(Channels);
            RuleFor(l => l.Note).MaximumLength(500);
        }
    }

    private static readonly string[] Channels = [.. Enum.GetValues<Channel>().Where(c => c != Core.Passports.Channel.Unknown).Select(PassportNames.ToWire)];

    /// <summary>The line as passports read it. Valid lines only.</summary>
    public SourceEntry ToEntry()
    {
        _ = PassportNames.TryParse(Channel, out Channel channel);
        return new(SourceEntry.KeyOf(Source)!, MediumOf(Medium) is { Length: > 0 } medium ? medium : null, Text.CleanLine(Name, SourceEntry.LongestText) ?? "", channel);
    }

    /// <summary>In lower case; empty for any medium.</summary>
    public static string MediumOf(string? medium) => Text.CleanLine(medium, SourceEntry.LongestText)?.ToLowerInvariant() ?? "";
}
