using Dapper;
using LeadIngest.Core.Attribution;
using LeadIngest.Core.Passports;
using Npgsql;

namespace LeadIngest.Api.Tests.Figures;

/// <summary>
/// The report's figures by source, counted a second time, from the rows alone, one by one and without haste: neither the worker's code nor its SQL is used, and credits come from
/// <see cref="DealCredit"/>, which the worker does not call.
/// </summary>
internal static class SlowFigures
{
    private sealed record Lead(Guid Id, Guid? Client, Guid? Visit, string Status, DateTime At, string Channel, string? Source, string? Medium, string? Campaign, string? Keyword);

    private sealed record Visit(Guid Id, Guid Visitor, DateTime At, string Channel, string? Source, string? Medium, string? Campaign, string? Keyword);

    private sealed record Deal(Guid Id, Guid? Client, Guid? Lead, string State, decimal Amount, string Currency, DateTime Made, DateTime? Moved);

    public static async Task AssertSameAsync(ApiFixture api, TestProject project)
    {
        await using var db = new NpgsqlConnection(api.Db);
        var args = new { P = project.ProjectId };
        var (zoneName, rules) = await db.QuerySingleAsync<(string, string)>("select time_zone, attribution::text from projects where project_id = @P", args);
        var zone = TimeZoneInfo.FindSystemTimeZoneById(zoneName);
        var settings = Api.Figures.AttributionRules.Read(rules).Settings;
        var roots = (await db.QueryAsync<(Guid, Guid)>("select id, coalesce(merged_into, id) from clients where project_id = @P", args)).ToDictionary(c => c.Item1, c => c.Item2);
        var visitors = (await db.QueryAsync<(string, Guid)>("select value, client_id from identities where project_id = @P and kind = 'visitor'", args)).ToDictionary(i => Guid.Parse(i.Item1), i => roots[i.Item2]);
        var leads = (await db.QueryAsync<(Guid, Guid?, string, DateTime, string, string?, string?, string?, string?)>(
            "select id, client_id, status, coalesce(occurred_at, received_at), channel, source, medium, campaign, keyword from leads where project_id = @P", args)).Select(l =>
            new Lead(l.Item1, l.Item2 is { } c ? roots[c] : null, null, l.Item3, l.Item4.ToUniversalTime(), l.Item5, l.Item6, l.Item7, l.Rest.Item1, l.Rest.Item2)).ToDictionary(l => l.Id);
        var visits = (await db.QueryAsync<(Guid, Guid, DateTime, string, string?, string?, string?, string?)>(
            "select id, visitor_id, started_at, channel, source, medium, campaign, keyword from visits where project_id = @P and not is_bot", args)).Select(v =>
            new Visit(v.Item1, v.Item2, v.Item3.ToUniversalTime(), v.Item4, v.Item5, v.Item6, v.Item7, v.Rest.Item1)).ToList();
        var deals = (await db.QueryAsync<(Guid, Guid?, Guid?, string, decimal, string, DateTime, DateTime?)>(
            "select id, client_id, lead_id, state, amount, currency, created_at, moved_at from deals where project_id = @P and kind = 'deal' and deleted_at is null", args)).Select(d =>
            new Deal(d.Item1, d.Item2 is { } c ? roots[c] : null, d.Item3, d.Item4, d.Item5, d.Item6, d.Item7.ToUniversalTime(), d.Rest.Item1?.ToUniversalTime())).ToList();
        var stages = (await db.QueryAsync<(Guid Deal, DateTime At, string Stage)>("select deal_id, at, stage_id from stage_changes where project_id = @P order by deal_id, n", args)).ToLookup(s => s.Deal);
        var amounts = (await db.QueryAsync<(Guid Deal, DateTime At, decimal Amount)>("select deal_id, at, amount from deal_changes where project_id = @P order by deal_id, n", args)).ToLookup(s => s.Deal);
        var rates = (await db.QueryAsync<(DateOnly Day, decimal Rate)>("select day, rubles / nominal from rates where project_id = @P and currency = 'USD' order by day", args)).ToList();

        var expected = new Dictionary<(string Model, string Refunds, string Channel), (long Made, long Won, decimal Revenue)>();
        foreach (var family in deals.GroupBy(d => d.Client ?? d.Id))
        {
            var isSomebody = family.First().Client is not null;
            var ordered = family.OrderBy(d => d.Made).ThenBy(d => d.Id).ToList();
            foreach (var (deal, n) in ordered.Select((d, n) => (d, n)))
            {
                var touches = Touches(deal, isSomebody).OrderBy(t => t.At).ToList();
                var window = touches.Where(t => t.IsOwn || (Second(t.At) <= Second(deal.Made) && Second(t.At) >= Second(deal.Made) - (long)settings.DealWindow.TotalSeconds)).ToList();
                var own = TouchPath.Of(window.Select(t => t.Touch), window.Select(t => (DateTimeOffset)t.At).Append(deal.Made).Max(), TimeSpan.FromDays(10_000));
                Touch<TouchSource>? first = touches.Where(t => t.IsOwn || Second(t.At) <= Second(deal.Made)).Select(t => (Touch<TouchSource>?)t.Touch).FirstOrDefault();
                var wonAt = WonAt(deal);
                var rate = deal.Currency == "RUB" ? 1 : rates.Where(r => r.Day <= DayOf(wonAt ?? deal.Made)).Select(r => (decimal?)r.Rate).LastOrDefault();
                var kopecks = (long)Math.Round(deal.Amount * (rate ?? 0) * 100, MidpointRounding.AwayFromZero);
                foreach (var model in Enum.GetValues<AttributionModel>().Select(m => (AttributionModel?)m).Append(null))
                {
                    var name = model is { } m ? Api.Figures.AttributionRules.Models[(int)m] : "client";
                    foreach (var (channel, share, amount) in Split(wonAt is null ? 0 : kopecks, model))
                        foreach (var refunds in (string[])["deal", "cash"])
                        {
                            var sum = expected.GetValueOrDefault((name, refunds, channel));
                            expected[(name, refunds, channel)] = (sum.Made + share, sum.Won + (wonAt is null ? 0 : share), sum.Revenue + amount);
                        }
                }

                IEnumerable<(string Channel, long Share, long Amount)> Split(long whole, AttributionModel? model)
                {
                    // Data-driven models look at campaigns only, and nothing has been learnt here: sources share alike.
                    var path = model is AttributionModel.Markov or AttributionModel.Shapley
                        ? TouchPath.Of(own.Touches.Select(t => t with { Source = t.Source with { Content = null, Keyword = null } }), own.ConvertedAt, TimeSpan.FromDays(10_000))
                        : own;
                    var (shares, money) = (Credit(1_000_000), Credit(whole));
                    foreach (var (channel, share) in shares) yield return (channel, share, money.GetValueOrDefault(channel));

                    Dictionary<string, long> Credit(long amount)
                    {
                        var credits = DealCredit.Of(path, amount, isSomebody && n > 0, first, model is null ? CreditView.ClientFirst : CreditView.DealPath, settings with { Model = model ?? AttributionModel.Linear },
                            SourceWeights<TouchSource>.Alike);
                        var parts = credits.Sources.GroupBy(s => PassportNames.ToWire(s.Source.Channel)).ToDictionary(g => g.Key, g => g.Sum(s => s.Amount));
                        if (credits.Repeat != 0) parts["repeat"] = credits.Repeat;
                        if (credits.WithoutTouches != 0) parts["none"] = credits.WithoutTouches;
                        return parts;
                    }
                }
            }
        }

        foreach (var refunds in (string[])["deal", "cash"])
            foreach (var model in Api.Figures.AttributionRules.Models.Append("client"))
            {
                var report = await api.ReadAsync(project, $"/v1/reports/sources?groupBy=channel&refunds={refunds}&from=2020-01-01&to=2028-01-01&{(model == "client" ? "basis=client" : "model=" + model)}");
                var figures = report.Rows().ToDictionary(r => r.GetProperty("values")[0].GetString()!, r => r.GetProperty("figures"));
                foreach (var (key, sum) in expected.Where(e => e.Key.Model == model && e.Key.Refunds == refunds))
                {
                    Assert.True(figures.TryGetValue(key.Channel, out var row), $"{key} is missing");
                    Assert.Equal((key, sum.Made / 1e6m, sum.Won / 1e6m, sum.Revenue / 100m), (key, row.Money("deals"), row.Money("won"), row.Money("revenue")));
                }
                Assert.Equal(expected.Where(e => e.Key.Model == model && e.Key.Refunds == refunds).Sum(e => e.Value.Revenue) / 100m, report.GetProperty("totals").Money("revenue"));
            }

        // By channel and day: visits and leads as they came; money as it came in and went out.
        var byDay = await api.ReadAsync(project, "/v1/reports/sources?flat=true&groupBy=channel,day&refunds=cash&from=2020-01-01&to=2028-01-01&limit=100000");
        var days = byDay.Rows().ToDictionary(r => (r.GetProperty("values")[0].GetString()!, r.GetProperty("values")[1].GetString()!), r => r.GetProperty("figures"));
        foreach (var group in leads.Values.Where(l => l.Status is "new" or "repeat").GroupBy(l => (l.Channel, DayOf(l.At).ToString("yyyy-MM-dd"))))
            Assert.Equal((group.Key, group.Count()), (group.Key, days[group.Key].GetProperty("leads").GetInt32()));
        var calls = (await db.QueryAsync<(string Channel, DateTime At, bool IsAnswered)>("""
            select l.channel, coalesce(l.occurred_at, l.received_at), coalesce(c.outcome = 'answered', false) from leads l left join calls c on c.project_id = l.project_id and c.id = l.call_id
            where l.project_id = @P and l.kind = 'call' and l.status not in ('spam', 'test')
            """, args)).ToLookup(c => (c.Channel, DayOf(c.At.ToUniversalTime()).ToString("yyyy-MM-dd")), c => c.IsAnswered);
        foreach (var (key, figures) in days)
            Assert.Equal((key, calls[key].Count(), calls[key].Count(c => c)), (key, figures.GetProperty("calls").GetInt32(), figures.GetProperty("answeredCalls").GetInt32()));
        foreach (var group in calls) Assert.True(days.ContainsKey(group.Key), $"{group.Key} is missing");
        foreach (var group in visits.GroupBy(v => (v.Channel, DayOf(v.At).ToString("yyyy-MM-dd")))) Assert.Equal((group.Key, group.Count()), (group.Key, days[group.Key].GetProperty("visits").GetInt32()));
        var cash = deals.SelectMany(Cash).GroupBy(c => c.Day.ToString("yyyy-MM-dd")).ToDictionary(g => g.Key, g => g.Sum(c => c.Kopecks) / 100m);
        var shown = days.GroupBy(d => d.Key.Item2).ToDictionary(g => g.Key, g => g.Sum(d => d.Value.Money("revenue")));
        foreach (var day in cash.Keys.Union(shown.Keys)) Assert.Equal((day, cash.GetValueOrDefault(day)), (day, shown.GetValueOrDefault(day)));

        // Spend by day, each row in kopecks.
        var spend = await db.QueryAsync<(DateOnly Day, decimal Sum)>("select day, sum(round(amount, 2)) from spend where project_id = @P and current group by day", args);
        var spent = (await api.ReadAsync(project, "/v1/reports/sources?groupBy=day&from=2020-01-01&to=2028-01-01&limit=100000")).Rows().ToDictionary(r => r.GetProperty("values")[0].GetString()!, r => r.GetProperty("figures"));
        foreach (var (day, sum) in spend) Assert.Equal((day, sum), (day, spent[day.ToString("yyyy-MM-dd")].Money("spend")));

        static long Second(DateTime at) => at.Ticks / TimeSpan.TicksPerSecond;

        DateOnly DayOf(DateTime at) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTimeFromUtc(at, zone));

        IEnumerable<(DateTime At, bool IsOwn, Touch<TouchSource> Touch)> Touches(Deal deal, bool isSomebody)
        {
            foreach (var visit in visits.Where(v => isSomebody && visitors.GetValueOrDefault(v.Visitor) == deal.Client)) yield return (visit.At, false, Make(visit.At, visit.Channel, visit.Source, visit.Medium, visit.Campaign, visit.Keyword));
            foreach (var lead in leads.Values.Where(l => isSomebody ? l.Client == deal.Client && l.Status is "new" or "repeat" && l.Client == deal.Client : l.Id == deal.Lead && l.Status is not ("spam" or "test")))
                yield return (lead.At, lead.Id == deal.Lead, Make(lead.At, lead.Channel, lead.Source, lead.Medium, lead.Campaign, lead.Keyword));
        }

        static Touch<TouchSource> Make(DateTime at, string channel, string? source, string? medium, string? campaign, string? keyword)
        {
            _ = PassportNames.TryParse(channel, out Channel known);
            var full = new TouchSource(known, source, medium, campaign, null, keyword);
            return new(at, full, full.IsDirect, full.IsPaid);
        }

        DateTime? WonAt(Deal deal)
        {
            if (deal.State != "won") return null;
            var steps = stages[deal.Id].ToList();
            DateTime? at = null;
            for (var i = 0; i < steps.Count; i++)
                if (steps[i].Stage == "142" && (i == 0 || steps[i - 1].Stage != "142")) at = steps[i].At.ToUniversalTime();
            return at ?? deal.Moved ?? deal.Made;
        }

        // The worth at the end of every day on which anything happened, against the day before.
        IEnumerable<(DateOnly Day, long Kopecks)> Cash(Deal deal)
        {
            var rate = deal.Currency == "RUB" ? 1 : rates.Where(r => r.Day <= DayOf(WonAt(deal) ?? deal.Made)).Select(r => (decimal?)r.Rate).LastOrDefault();
            var moments = stages[deal.Id].Select(s => s.At.ToUniversalTime()).Concat(amounts[deal.Id].Select(a => a.At.ToUniversalTime())).Distinct().Order().ToList();
            var before = 0L;
            foreach (var day in moments.GroupBy(DayOf))
            {
                var end = day.Max();
                var isWon = stages[deal.Id].Last(s => s.At.ToUniversalTime() <= end || s == stages[deal.Id].First()).Stage == "142" && stages[deal.Id].First().At.ToUniversalTime() <= end;
                var price = amounts[deal.Id].Any() ? amounts[deal.Id].LastOrDefault(a => a.At.ToUniversalTime() <= end, amounts[deal.Id].First()).Amount : deal.Amount;
                var now = isWon && rate is { } known ? (long)Math.Round(price * known * 100, MidpointRounding.AwayFromZero) : 0;
                if (now != before) yield return (day.Key, now - before);
                before = now;
            }
        }
    }
}
