using System.Globalization;
using LeadIngest.Core.Passports;

namespace LeadIngest.Core.Calls;

/// <summary>What is known of the dialled number: how sure the visit behind a call is, in the order of trust.</summary>
public enum LineMatch
{
    /// <summary>No number of the project.</summary>
    None,

    /// <summary>A number of a site that says no more: the overflow number, or one that nobody held.</summary>
    Site,

    /// <summary>A number with a fixed passport.</summary>
    Static,

    /// <summary>The last holder, the number had rested since.</summary>
    Recent,

    /// <summary>The visit that held the number when the call began.</summary>
    Holder,
}

/// <summary>How the visit or the source of a call was found.</summary>
public enum CallMatch { None, Provider, Static, Recent, Session, Holder }

/// <param name="Match">How sure the number is.</param>
/// <param name="VisitId">Of <see cref="LineMatch.Holder"/> and <see cref="LineMatch.Recent"/>.</param>
/// <param name="Passport">The visit's, or the static number's own.</param>
/// <param name="RestedFor">For <see cref="LineMatch.Recent"/>: between the end of the hold and the call.</param>
public sealed record DialledLine(LineMatch Match, Guid? VisitId = null, Passport? Passport = null, TimeSpan? RestedFor = null)
{
    public static DialledLine Unknown { get; } = new(LineMatch.None);
}

/// <summary>Everything that a call's passport may be written from.</summary>
public sealed record CallPassportInput
{
    public required CallFacts Facts { get; init; }

    /// <summary>The provider's word: <c>calltouch</c>.</summary>
    public required string Provider { get; init; }

    /// <summary>The number that was dialled, looked up in the project's own numbers.</summary>
    public DialledLine Line { get; init; } = DialledLine.Unknown;

    /// <summary>Our visit whose id the provider passed on.</summary>
    public Guid? SessionVisitId { get; init; }

    public Passport? SessionVisit { get; init; }
    public IReadOnlyList<string> OwnHosts { get; init; } = [];
}

/// <summary>
/// Decides where a call came from; the most specific evidence wins: the visit that held the number when the call began, the visit named by the provider,
/// the provider's tags, the visit that held the number last, the number's fixed source, the page and referrer that the provider saw. Nothing of these:
/// unknown, never invented. Pure.
/// </summary>
/// <param name="Passport">The lead's.</param>
/// <param name="Match">What decided.</param>
/// <param name="VisitId">The visit that the call belongs to, also where its source is not the one that decided.</param>
public sealed record CallPassport(Passport Passport, CallMatch Match, Guid? VisitId)
{
    private const string InFields = " in the posted fields";

    public static CallPassport Decide(CallPassportInput input, SourceCatalog catalog, SourceDictionary dictionary)
    {
        ArgumentNullException.ThrowIfNull(input);
        var (facts, line) = (input.Facts, input.Line);
        var visit = line.Match == LineMatch.Holder && line.VisitId is not null ? line.VisitId
            : input.SessionVisitId ?? (line.Match == LineMatch.Recent ? line.VisitId : null);
        if (line is { Match: LineMatch.Holder, Passport: { } held } && Names(held))
            return new(Of(held, Origin.Number, Confidence.Exact, $"number {facts.LinePhone} was held by the visit when the call began{At(facts)}"), CallMatch.Holder, visit);
        if (input.SessionVisit is { } session && Names(session))
            return new(Of(session, Origin.Visit, Confidence.Exact, $"{input.Provider} named the visit"), CallMatch.Session, visit);

        var said = Said(input, catalog, dictionary);
        var tagged = said.Origin is Origin.Utm or Origin.ClickId or Origin.Openstat;
        if (tagged) return new(OfProvider(said, input), CallMatch.Provider, visit);
        if (line is { Match: LineMatch.Recent, Passport: { } last } && Names(last))
            return new(Of(last, Origin.Number, Confidence.Likely, $"number {facts.LinePhone} was last held by the visit{Rested(line.RestedFor)}"), CallMatch.Recent, visit);
        if (line is { Match: LineMatch.Static, Passport: { } own } && Names(own))
            return new(Of(own, Origin.Number, Confidence.Exact, $"number {facts.LinePhone} belongs to this source"), CallMatch.Static, visit);
        if (said.Origin != Origin.None) return new(OfProvider(said, input), CallMatch.Provider, visit);
        return new(Unknown(said, input), MatchOfVisit(input, visit), visit);
    }

    /// <summary>What the provider's own script saw, by the rules of any post.</summary>
    private static Passport Said(CallPassportInput input, SourceCatalog catalog, SourceDictionary dictionary) => PassportRules.Write(
        new PassportInput { Fields = input.Facts.Tags, Page = input.Facts.Page, Referrer = input.Facts.Referrer, OwnHosts = input.OwnHosts }, catalog, dictionary);

    private static bool Names(Passport passport) => passport.Channel != Channel.Unknown;

    /// <summary>A chain is as sure as its weakest link.</summary>
    private static Passport Of(Passport found, Origin origin, Confidence sure, string evidence) => found with
    {
        Origin = origin,
        Confidence = found.Confidence < sure ? found.Confidence : sure,
        Evidence = [evidence, .. found.Evidence],
    };

    private static Passport OfProvider(Passport said, CallPassportInput input) => said with
    {
        Origin = Origin.Calltracking,
        Confidence = IsAccurate(input.Facts) ? said.Confidence : Confidence.Guessed,
        Evidence = [.. said.Evidence.Select((e, i) => i == 0 ? $"{input.Provider}: {e.Replace(InFields, "", StringComparison.Ordinal)}" : e),
            .. IsAccurate(input.Facts) ? (string[])[] : [$"{input.Provider} is not sure of the source"]],
    };

    private static Passport Unknown(Passport said, CallPassportInput input) => said with
    {
        Channel = Channel.Unknown,
        Source = null,
        Origin = Origin.None,
        Confidence = Confidence.Guessed,
        Evidence = input.Line.Match == LineMatch.Site ? [$"number {input.Facts.LinePhone} is the site's own, held by no visit"] : [],
    };

    // The visit is known though it names no source.
    private static CallMatch MatchOfVisit(CallPassportInput input, Guid? visit) =>
        visit is null ? CallMatch.None : input.Line.VisitId != visit ? CallMatch.Session : input.Line.Match == LineMatch.Holder ? CallMatch.Holder : CallMatch.Recent;

    private static bool IsAccurate(CallFacts facts) => !facts.Warnings.Contains(CallRules.SourceNotAccurate);

    private static string At(CallFacts facts) => facts.StartedAt is { } at ? $" ({at.UtcDateTime.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture)})" : "";

    private static string Rested(TimeSpan? rested) => rested is { } time ? string.Create(CultureInfo.InvariantCulture, $", {Math.Max(0, time.TotalMinutes):0} min before the call") : "";

    /// <summary>The match as it is stored.</summary>
    public static string Wire(CallMatch match) => match switch
    {
        CallMatch.Holder => "holder",
        CallMatch.Session => "session",
        CallMatch.Provider => "provider",
        CallMatch.Recent => "recent",
        CallMatch.Static => "static",
        _ => "none",
    };
}
