using LeadIngest.Core.Metrics;

namespace LeadIngest.Api.Features.Reports.Sources;

/// <summary>The sums of one row: whole numbers, so that rows add up to totals exactly. Money in kopecks, deals in millionths.</summary>
/// <param name="Spend">Null: unknown.</param>
/// <param name="Calls">Redials included.</param>
/// <param name="Unconverted">Rows of spend without a rate, which are not in <paramref name="Spend"/>.</param>
internal sealed record SourceSums(long? Spend, long Unconverted, long Visits, long Leads, long LeadsPaid, long Spam, long Clients, long ClientsPaid, long ClientsRevenue, long Made, long Won, long Revenue,
    long FirstWon, long FirstRevenue, long Calls, long AnsweredCalls)
{
    public static SourceSums Nothing { get; } = new(null, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    private const decimal Kopecks = 100m, Millionths = 1_000_000m;

    /// <summary>Some of the rows added have no known spend.</summary>
    public bool IsPartial { get; init; }

    public Totals Totals => new()
    {
        Spend = Spend / Kopecks,
        SpendIsPartial = IsPartial || Unconverted > 0,
        Leads = Leads,
        LeadsPaid = LeadsPaid,
        Deals = Won / Millionths,
        NewClients = FirstWon / Millionths,
        Revenue = Revenue / Kopecks,
    };

    public static SourceSums operator +(SourceSums a, SourceSums b) => new(a.Spend is null ? b.Spend : b.Spend is null ? a.Spend : a.Spend + b.Spend, a.Unconverted + b.Unconverted, a.Visits + b.Visits,
        a.Leads + b.Leads, a.LeadsPaid + b.LeadsPaid, a.Spam + b.Spam, a.Clients + b.Clients, a.ClientsPaid + b.ClientsPaid, a.ClientsRevenue + b.ClientsRevenue, a.Made + b.Made, a.Won + b.Won,
        a.Revenue + b.Revenue, a.FirstWon + b.FirstWon, a.FirstRevenue + b.FirstRevenue, a.Calls + b.Calls, a.AnsweredCalls + b.AnsweredCalls)
    {
        IsPartial = a.IsPartial || b.IsPartial || a.Spend is null != b.Spend is null,
    };

    public static SourceSums Sum(IReadOnlyList<SourceSums> rows) => rows.Count == 0 ? Nothing : rows.Aggregate((a, b) => a + b);

    public SourceFigures Figures()
    {
        var (totals, first) = (Totals, Totals with { Revenue = FirstRevenue / Kopecks });
        return new()
        {
            Spend = totals.Spend,
            SpendIsPartial = totals.SpendIsPartial,
            SpendUnconverted = Unconverted,
            Visits = Visits,
            Leads = Leads,
            Calls = Calls,
            AnsweredCalls = AnsweredCalls,
            Spam = Spam,
            Clients = Clients,
            Deals = Made / Millionths,
            Won = totals.Deals,
            NewClients = totals.NewClients,
            Revenue = totals.Revenue,
            FirstRevenue = first.Revenue,
            RepeatRevenue = totals.Revenue - first.Revenue,
            Cpl = RatioFigure.Of(totals.Cpl),
            Cpo = RatioFigure.Of(totals.Cpo),
            Cac = RatioFigure.Of(totals.Cac),
            CohortConversion = RatioFigure.Of(totals.CohortConversion),
            PeriodConversion = RatioFigure.Of(totals.PeriodConversion),
            AverageCheck = RatioFigure.Of(totals.AverageCheck),
            Ltv = RatioFigure.Of(new(ClientsRevenue / Kopecks, ClientsPaid)),
            Drr = RatioFigure.Of(totals.Drr),
            Roas = RatioFigure.Of(totals.Roas),
            RomiPayback = RatioFigure.Of(totals.Romi(RomiKind.Payback)),
            RomiNet = RatioFigure.Of(totals.Romi(RomiKind.Net)),
            FirstRomiPayback = RatioFigure.Of(first.Romi(RomiKind.Payback)),
            FirstRomiNet = RatioFigure.Of(first.Romi(RomiKind.Net)),
        };
    }
}

/// <summary>A quotient with its parts.</summary>
/// <param name="Value">Unrounded; 0.15 is 15 %. Null: there is none, see <paramref name="Why"/>.</param>
/// <param name="Why">Null when there is a value; <c>unknown</c>: spend that nobody told; <c>zeroBase</c>: nothing to divide by; <c>negativeBase</c>: more was paid back than paid.</param>
internal sealed record RatioFigure(decimal? Value, decimal? Part, decimal? Whole, string? Why)
{
    public static RatioFigure Of(Ratio ratio) => new(ratio.Value, ratio.Part, ratio.Whole, ratio.Why switch
    {
        NoValue.None => null,
        NoValue.ZeroBase => "zeroBase",
        NoValue.NegativeBase => "negativeBase",
        _ => "unknown",
    });
}

/// <summary>The figures of one row. Money in the project's currency.</summary>
internal sealed record SourceFigures
{
    /// <summary>Null: unknown, which is not 0.</summary>
    public required decimal? Spend { get; init; }

    /// <summary>Some of what is added up here has no known spend, or no rate: it is the known part.</summary>
    public required bool SpendIsPartial { get; init; }

    /// <summary>Rows of spend in a currency without a rate; not in <see cref="Spend"/>.</summary>
    public required long SpendUnconverted { get; init; }

    /// <summary>Without bots.</summary>
    public required long Visits { get; init; }

    /// <summary>Without spam, tests and repeated requests within the duplicate window. By their own passports, whatever the model.</summary>
    public required long Leads { get; init; }

    /// <summary>Incoming calls by the passports of their leads, without spam and tests. Redials within the duplicate window are among them, though they are no leads of their own: there may be more calls than leads.</summary>
    public required long Calls { get; init; }

    /// <summary>Those of <c>calls</c> that somebody answered.</summary>
    public required long AnsweredCalls { get; init; }

    public required long Spam { get; init; }

    /// <summary>Whose first enquiry, without one whose first deal, came in the period; by their first touch.</summary>
    public required long Clients { get; init; }

    /// <summary>Made in the period; parts of deals under models that share.</summary>
    public required decimal Deals { get; init; }

    /// <summary>
    /// Won in the period and not lost since, deals of amount 0 included. Reports of clients (cohorts, RFM, LTV, the base) count purchases instead: won deals of more than 0 or of an
    /// amount not known in the project's currency. There the same deals may be fewer.
    /// </summary>
    public required decimal Won { get; init; }

    /// <summary>Those of <see cref="Won"/> that are their client's first.</summary>
    public required decimal NewClients { get; init; }

    public required decimal Revenue { get; init; }

    /// <summary>Of clients' first deals.</summary>
    public required decimal FirstRevenue { get; init; }

    public required decimal RepeatRevenue { get; init; }

    /// <summary>Spend a lead.</summary>
    public required RatioFigure Cpl { get; init; }

    /// <summary>Spend a won deal.</summary>
    public required RatioFigure Cpo { get; init; }

    /// <summary>Spend a client who paid for the first time.</summary>
    public required RatioFigure Cac { get; init; }

    /// <summary>Of the leads of the period, the share that became a won deal at any time: at most 100 %.</summary>
    public required RatioFigure CohortConversion { get; init; }

    /// <summary>Deals won in the period / leads of the period: may exceed 100 %.</summary>
    public required RatioFigure PeriodConversion { get; init; }

    public required RatioFigure AverageCheck { get; init; }

    /// <summary>What the clients acquired in the period have brought by now / those of them who paid.</summary>
    public required RatioFigure Ltv { get; init; }

    /// <summary>Spend / revenue.</summary>
    public required RatioFigure Drr { get; init; }

    /// <summary>Revenue / spend.</summary>
    public required RatioFigure Roas { get; init; }

    /// <summary>Revenue / spend: 1 is break-even.</summary>
    public required RatioFigure RomiPayback { get; init; }

    /// <summary>(Revenue − spend) / spend: 0 is break-even.</summary>
    public required RatioFigure RomiNet { get; init; }

    /// <summary>The same of clients' first deals only.</summary>
    public required RatioFigure FirstRomiPayback { get; init; }

    /// <inheritdoc cref="FirstRomiPayback"/>
    public required RatioFigure FirstRomiNet { get; init; }
}
