namespace LeadIngest.Core.Metrics;

/// <summary>Which of the two meanings of ROMI a page shows. The page always names it.</summary>
public enum RomiKind
{
    /// <summary>Revenue / spend: 100 % is break-even. Used on the Russian market; equals ROAS.</summary>
    Payback,

    /// <summary>(Revenue − spend) / spend: 0 % is break-even. The textbook's.</summary>
    Net,
}

/// <summary>
/// The sums of one row of a report. Everything else on the row follows from them; rows are added, never their ratios. Money of all members is in one unit
/// and one currency, with or without VAT throughout.
/// </summary>
public sealed record Totals
{
    /// <summary>S. Null: unknown, which is not 0.</summary>
    public decimal? Spend { get; init; }

    /// <summary>The sum is of rows of which some have unknown spend: it is the known part.</summary>
    public bool SpendIsPartial { get; init; }

    /// <summary>L: unique leads, without spam, tests and repeated requests within the duplicate window.</summary>
    public long Leads { get; init; }

    /// <summary>Lq: leads that a person found worth working on.</summary>
    public long QualifiedLeads { get; init; }

    /// <summary>Those of <see cref="Leads"/> that became a paid deal, whenever it was paid.</summary>
    public long LeadsPaid { get; init; }

    /// <summary>D: paid deals of the period, without those refunded in full; parts of deals under models that share.</summary>
    public decimal Deals { get; init; }

    /// <summary>N: clients who paid for the first time. Repeat deals are not in it.</summary>
    public decimal NewClients { get; init; }

    /// <summary>R: net of refunds; may be negative.</summary>
    public decimal Revenue { get; init; }

    /// <summary>G: cost of what was sold. Null: unknown.</summary>
    public decimal? CostOfGoods { get; init; }

    /// <summary>Salaries, software and the like that belong to getting clients. Null: unknown.</summary>
    public decimal? OtherCosts { get; init; }

    /// <summary>S / L. Spend of 0 gives 0; unknown spend no value; no leads no value.</summary>
    public Ratio Cpl => new(Spend, Leads);

    /// <summary>S / Lq.</summary>
    public Ratio Cpql => new(Spend, QualifiedLeads);

    /// <summary>Cost per sale, S / D.</summary>
    public Ratio Cpo => new(Spend, Deals);

    /// <summary>S / N. Not <see cref="Cpo"/>: repeat deals bring no new client.</summary>
    public Ratio Cac => new(Spend, NewClients);

    /// <summary>(S + other costs) / N.</summary>
    public Ratio FullCac => new(Spend + OtherCosts, NewClients);

    /// <summary>Of the leads of the period, the share that was paid at any time: at most 100 %.</summary>
    public Ratio CohortConversion => new(LeadsPaid, Leads);

    /// <summary>Deals of the period / leads of the period: deals of older leads are in it, so it may exceed 100 %.</summary>
    public Ratio PeriodConversion => new(Deals, Leads);

    /// <summary>R / D.</summary>
    public Ratio AverageCheck => new(Revenue, Deals);

    /// <summary>Share of advertising costs (ДРР, CRR), S / R. Without revenue, or below 0 after refunds, no value.</summary>
    public Ratio Drr => new(Spend, Revenue);

    /// <summary>R / S.</summary>
    public Ratio Roas => new(Revenue, Spend);

    /// <inheritdoc cref="RomiKind"/>
    public Ratio Romi(RomiKind kind) => kind == RomiKind.Payback ? Roas : new(Revenue - Spend, Spend);

    /// <summary>(R − G − S) / S: the only one that speaks of profit.</summary>
    public Ratio RomiMargin => new(Revenue - CostOfGoods - Spend, Spend);

    /// <summary>(R − all costs) / all costs, the costs being S + G + other costs.</summary>
    public Ratio Roi => new(Revenue - (Spend + CostOfGoods + OtherCosts), Spend + CostOfGoods + OtherCosts);

    /// <summary>
    /// Member by member. Known and unknown spend give the known part and <see cref="SpendIsPartial"/>: a total without the search engines' visitors, who
    /// cost nothing that was imported, is still of use. Unknown cost of goods or other costs make the sum unknown: profit must not look greater than it is.
    /// </summary>
    public static Totals operator +(Totals a, Totals b) => new()
    {
        Spend = a.Spend is null ? b.Spend : b.Spend is null ? a.Spend : a.Spend + b.Spend,
        SpendIsPartial = a.SpendIsPartial || b.SpendIsPartial || (a.Spend is null) != (b.Spend is null),
        Leads = a.Leads + b.Leads,
        QualifiedLeads = a.QualifiedLeads + b.QualifiedLeads,
        LeadsPaid = a.LeadsPaid + b.LeadsPaid,
        Deals = a.Deals + b.Deals,
        NewClients = a.NewClients + b.NewClients,
        Revenue = a.Revenue + b.Revenue,
        CostOfGoods = a.CostOfGoods + b.CostOfGoods,
        OtherCosts = a.OtherCosts + b.OtherCosts,
    };

    public static Totals Add(Totals left, Totals right) => left + right;

    /// <returns>The sum of rows; of none, all 0 with unknown spend.</returns>
    public static Totals Sum(IEnumerable<Totals> rows)
    {
        Totals? sum = null;
        foreach (var row in rows) sum = sum is null ? row : sum + row;
        return sum ?? new();
    }
}
