using System.Text.Json;
using System.Text.RegularExpressions;
using FluentValidation;
using LeadIngest.Api.Http;

namespace LeadIngest.Api.Tests.Words;

/// <summary>What the service says to people has its Russian sentence in <c>src/words</c>. A new message that fails here belongs there, beside those of its kind.</summary>
public partial class RussianSentencesTests
{
    /// <summary>Sentences that no answer carries: for who starts the service, for who reads its description, or in both languages where they stand.</summary>
    private static readonly string[] NotInAnswers =
    [
        "Commands.cs", "LeadIngestApp.cs", "/Data/", "/Demo/", "/Figures/", "/Playground/", "Options.cs", "KeyProtection.cs", "AccessCommands.cs", "AccessFeature.cs", "ConnectingFeature.cs", "FirstStart.cs", "Letters.cs", "Totp.cs", "CrmHosts.cs",
        "ErasureLog.cs", "OutcomePage.cs", "OpenApi", "EndpointDocumentation.cs", "RouteExamples.cs", "HygieneChecks.cs", "SourceColumns.cs", "TagAdvice.cs", "ReportCsv.cs", "ReportXlsx.cs", "MaskedJson.cs", "RecordingHosts.cs", "SharedSecret.cs",
        "FailureDocument.cs", "Failures.cs", "LeadCard.cs", "/Metrics/", "/Attribution/", "/Passports/", "PassportNames.cs", "Identity.cs", "Periods.cs", "PoolSize.cs", "RotationSimulation.cs", "CallPassport.cs",
    ];

    /// <summary>Of lines that hold no answer: SQL, logs, exceptions of programming, a title (titles are never translated).</summary>
    [GeneratedRegex("LoggerMessage|Description\\(|WithSummary|Justification|InvalidOperationException|ArgumentOutOfRange|NotSupported|select |order by|where |Which project")]
    private static partial Regex Elsewhere();

    [GeneratedRegex(@"^[^\p{Ll}\s].*[a-z]{2}.* .*[a-z]{2}.*([.…!?]|[.:] )$", RegexOptions.Singleline)]
    private static partial Regex Sentence();

    [Fact]
    public void Every_sentence_of_an_answer_is_known_in_Russian()
    {
        var sentences = new[] { "LeadIngest.Api", "LeadIngest.Crm", "LeadIngest.Core" }.SelectMany(Literal.Of)
            .Where(l => !NotInAnswers.Any(("/" + l.File.Replace('\\', '/')).Contains) && !Elsewhere().IsMatch(l.Line))
            .Where(l => Sentence().IsMatch(l.Text) || (l.Line.Contains("WithMessage(", StringComparison.Ordinal) && l.Text.Contains(' ', StringComparison.Ordinal)))
            .ToList();
        Assert.True(sentences.Count > 400, $"{sentences.Count} sentences: the source code is not read as it should be.");
        var unknown = sentences.Where(l => !IsKnown(l.Filled)).Select(l => $"{l.File}: {l.Filled}").Distinct().ToList();
        Assert.True(unknown.Count == 0, string.Join('\n', unknown));
    }

    // What something is added to may end with it or with a full stop.
    private static bool IsKnown(string text) => text.EndsWith(' ') ? Say(text + "x") is not null || Say(text + "x.") is not null : Say(text) is not null;

    /// <summary>The tables of failures hold what a CRM's answer means; its words are put behind a colon.</summary>
    [Theory]
    [InlineData("Amocrm/AmocrmErrors.cs", 9)]
    [InlineData("Bitrix24/Bitrix24Errors.cs", 9)]
    public void What_the_answer_of_a_CRM_means_is_known_in_Russian(string file, int least)
    {
        var meanings = Literal.Of("LeadIngest.Crm/" + file).Where(l => l.Line.TrimEnd().EndsWith($"\"{l.Text}\"),", StringComparison.Ordinal) || l.Line.TrimEnd().EndsWith($"=> \"{l.Text}\",", StringComparison.Ordinal))
            .Select(l => l.Text).Where(t => Meaning().IsMatch(t)).Distinct().ToList();
        Assert.True(meanings.Count >= least, string.Join('\n', meanings));
        Assert.Equal([], meanings.Where(m => Say($"{m}: HTTP 500 with an empty body.") is not { } russian || !russian.Contains("пустой ответ", StringComparison.Ordinal)));
    }

    [GeneratedRegex("^[A-Z][^`0-9]* [^`0-9]*$")]
    private static partial Regex Meaning();

    [Fact]
    public void Every_message_of_a_validator_is_known_in_Russian()
    {
        var messages = typeof(RussianProblems).Assembly.GetTypes()
            .Where(t => t is { IsAbstract: false, ContainsGenericParameters: false } && t.IsAssignableTo(typeof(IValidator)) && t.GetConstructor(Type.EmptyTypes) is not null)
            .SelectMany(t => ((IValidator)Activator.CreateInstance(t)!).CreateDescriptor().Rules.SelectMany(r => r.Components.Select(c => (Validator: t, Message: MessageOf(c)))))
            .Where(m => m.Message is not null).ToList();
        Assert.True(messages.Count > 300, $"{messages.Count} messages.");
        var unknown = messages.Where(m => Say(Named().Replace(m.Message!, "x")) is null).Select(m => $"{m.Validator}: {m.Message}").Distinct().ToList();
        Assert.True(unknown.Count == 0, string.Join('\n', unknown));
    }

    // A message made of the request itself cannot be asked for without one; its sentence stands in the source code, where the test above finds it.
    private static string? MessageOf(FluentValidation.Internal.IRuleComponent component)
    {
        try
        {
            // A rule in code says what it finds; the sentences of that stand in the source code, too.
            return component.GetUnformattedErrorMessage() is var message && message != "No default error message has been specified" ? message : null;
        }
        catch (NullReferenceException)
        {
            return null;
        }
    }

    [GeneratedRegex(@"\{[A-Za-z]+(:[^}]*)?\}")]
    private static partial Regex Named();

    /// <summary>Notes on leads and calls, and reasons of their status, are single words; the page keeps both languages of them.</summary>
    [Fact]
    public void Every_note_on_a_lead_or_a_call_is_known_to_the_page()
    {
        var page = File.ReadAllText(Path.Combine(Literal.Sources, "dashboard", "src", "parts", "leadWords.tsx"));
        var codes = new[] { "LeadIngest.Api/Senders/Calls", "LeadIngest.Api/Ingest/LeadNormalising.cs", "LeadIngest.Core/Calls/CallRules.cs" }.SelectMany(Literal.Of).Where(l => Noted().IsMatch(l.Line))
            .Concat(Literal.Of("LeadIngest.Core/Junk")).Select(l => l.Text.Split(':')[0]).Where(t => Code().IsMatch(t)).Distinct().ToList();
        Assert.True(codes.Count > 25, string.Join(' ', codes));
        Assert.Equal([], codes.Where(c => Regex.Count(page, $@"\b{c}: '") != 2));
    }

    [GeneratedRegex(@"Warn\(|[wW]arnings|NotAccurate =")]
    private static partial Regex Noted();

    [GeneratedRegex("^[a-z]+(_[a-z]+)+$")]
    private static partial Regex Code();

    [Fact]
    public void What_is_not_found_has_a_name_in_Russian()
    {
        var names = Literal.Of("LeadIngest.Api").SelectMany(l => NotFound().Matches(l.Line)).Select(m => m.Groups[1].Value).Distinct().ToList();
        Assert.Contains("connection", names);
        Assert.Equal([], names.Where(n => Say(n) is null));
    }

    [GeneratedRegex("""Problems\.NotFound\("([^"]+)"\)""")]
    private static partial Regex NotFound();

    [Fact]
    public void Every_operation_that_the_audit_log_may_name_has_a_name_in_Russian()
    {
        var api = JsonDocument.Parse(File.ReadAllText(Path.Combine(Literal.Sources, "..", "api-spec", "openapi.json"))).RootElement.GetProperty("paths");
        var operations = api.EnumerateObject().Where(p => p.Name.StartsWith("/v1/", StringComparison.Ordinal)).SelectMany(p => p.Value.EnumerateObject()).Select(o => o.Value.GetProperty("operationId").GetString()!).ToList();
        Assert.True(operations.Count > 150, $"{operations.Count} operations.");
        Assert.Equal([], operations.Except(Book("actions").Keys));
    }

    [Theory]
    [InlineData("requests")]
    [InlineData("senders")]
    [InlineData("crm")]
    [InlineData("spend")]
    [InlineData("passports")]
    public void A_Russian_sentence_fills_in_what_the_English_one_does(string book)
    {
        foreach (var (english, russian) in Book(book))
        {
            var places = Place().Matches(english).Select(m => m.Groups[1].Value).ToList();
            Assert.Equal(Enumerable.Range(0, places.Count).Select(i => $"{i}"), places);
            Assert.Equal([], Place().Matches(russian).Select(m => m.Groups[1].Value).Except(places));
            Assert.True(russian.Trim() == russian && russian.Length > 0, english);
        }
    }

    [GeneratedRegex(@"\{(\d)(:ru)?\}")]
    private static partial Regex Place();

    [Fact]
    public void One_sentence_is_said_in_one_way() => Assert.Equal([],
        new[] { "requests", "senders", "crm", "spend" }.SelectMany(Book).GroupBy(s => s.Key, s => s.Value).Where(s => s.Distinct().Count() > 1).Select(s => s.Key));

    [Fact]
    public void What_is_filled_in_is_looked_up_only_where_the_sentence_asks_for_it()
    {
        var sentences = new Sentences(new Dictionary<string, string> { ["The {0} is {1}."] = "{1:ru}: {0}.", ["The {0} is a very {1}."] = "Очень {1:ru}: {0}.", ["late"] = "поздно" });
        Assert.Equal("поздно: late.", sentences.Say("The late is late."));
        Assert.Equal("Очень old: hat.", sentences.Say("The hat is a very old."));
        Assert.Null(sentences.Say("The hat is old"));
        Assert.Null(sentences.Say("A hat is old."));
    }

    /// <summary>A book of <c>src/words</c>.</summary>
    internal static Dictionary<string, string> Book(string name) => JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText(Path.Combine(Literal.Sources, "words", name + ".json")))!;

    private static string? Say(string english) => Sentences.Russian.Say(english);
}
