using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using LeadIngest.Core.Spend;

namespace LeadIngest.Core.Tests.Spend;

public sealed class SpendTableTests
{
    private static readonly string[] Direct =
    [
        "Клиент: okna-plus", "Период: 01.08.2026 – 31.08.2026", "",
        "Дата;№ Кампании;Кампания;Показы;Клики;Расход (руб.)",
        "01.08.2026;81234567;Поиск_CRM_Москва;1 200;34;1 234,56",
        "01.08.2026;81234567;Поиск_CRM_Москва;100;1;—",
        "31.02.2026;81234567;Поиск_CRM_Москва;1;1;1,00",
        "02.08.2026;81234567;Поиск_CRM_Москва;10;2;-50,00",
        "Итого;;;1 311;38;1 185,56",
    ];

    [Fact]
    public void A_cabinet_table_is_read_below_its_title_lines_and_above_its_total()
    {
        var (layout, rows) = Read(Direct);
        Assert.Equal(4, layout.HeaderLine);
        Assert.Equal([SpendField.Date, SpendField.CampaignId, SpendField.CampaignName, SpendField.Impressions, SpendField.Clicks, SpendField.Amount], layout.Columns.Select(c => c.Field!.Value));
        Assert.Equal("RUB", layout.Currency);
        var days = SpendDays.Of(Taken(rows));
        Assert.Equal([(1, 1234.56m, 35L, 1300L), (2, -50m, 2, 10)], days.Select(d => (d.Day.Day, d.Amount, d.Clicks, d.Impressions)));
        Assert.Equal(2, days[0].Lines.Count);
        var refused = Assert.Single(rows.OfType<SpendRowOutcome.Refused>());
        Assert.Equal((7, "Дата"), (refused.Line, refused.Column));
        Assert.Contains("31.02.2026", refused.Reason, StringComparison.Ordinal);
        Assert.Equal(9, Assert.Single(rows.OfType<SpendRowOutcome.Skipped>()).Line);
    }

    [Fact]
    public void An_expenses_file_of_metrica_has_decimal_points_no_tax_and_ranges()
    {
        var (layout, rows) = Read(
            "Date,UTMSource,UTMMedium,UTMCampaign,Expenses,Currency,Clicks".Replace(',', ';'),
            "2026-08-01/2026-08-03;vk;cpc;81234567|Осень;100.00;RUB;10",
            "2026-08-04;vk;cpc;Осень;1.234;RUB;",
            "2026-08-04;vk;cpc;Осень;50,000;RUB;1");
        Assert.Equal((SpendDialect.Metrica, false), (layout.Dialect, layout.VatIncluded));
        var days = SpendDays.Of(Taken(rows));
        Assert.Equal([33.34m, 33.33m, 33.33m, 1.234m], days.Select(d => d.Amount));
        Assert.Equal([4L, 3, 3, 0], days.Select(d => d.Clicks));
        Assert.Equal("81234567", days[0].Level.CampaignId);
        Assert.Contains("decimal point", Assert.Single(rows.OfType<SpendRowOutcome.Refused>()).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_table_of_google_ads_with_title_lines_total_and_foreign_numbers_is_read()
    {
        var (layout, rows) = Read("Campaign report", "August 1, 2026 - August 31, 2026", "Day;Campaign;Campaign ID;Currency code;Cost;Clicks;Impr.",
            "2026-08-01;Search;987654321;USD;1,234.50;1,234;10,000", "2026-08-02;Total War;987654322;USD;2.00;1;1", "Total: Campaigns; --; --;USD;1,236.50;1,235;10,001", "Total: Account; --; --;USD;1,236.50;1,235;10,001");
        Assert.Equal([("Search", 1234.5m, 1234L, 10000L, "USD"), ("Total War", 2m, 1, 1, "USD")], Taken(rows).Select(r => (r.Level.CampaignName!, r.Amount, r.Clicks, r.Impressions, r.Level.Currency)));
        Assert.Equal(2, rows.OfType<SpendRowOutcome.Skipped>().Count());
        Assert.Equal(DecimalMark.Point, layout.DecimalMark);
    }

    [Fact]
    public void An_ambiguous_amount_is_settled_by_its_neighbours_or_by_the_person_else_refused()
    {
        Assert.Equal(1.234m, Taken(Read("Дата;Расход", "01.08.2026;1,234", "02.08.2026;7,5").Rows).First().Amount);
        Assert.Equal(1234m, Taken(Read("Дата;Расход", "01.08.2026;1,234", "02.08.2026;7.5").Rows).First().Amount);
        var alone = Assert.IsType<SpendRowOutcome.Refused>(Assert.Single(Read("Дата;Расход", "01.08.2026;1,234").Rows));
        Assert.Contains("decimalMark", alone.Reason, StringComparison.Ordinal);
        Assert.Equal(1234m, Taken(Read(new SpendOptions { DecimalMark = DecimalMark.Point }, "Дата;Расход", "01.08.2026;1,234").Rows).Single().Amount);
        Assert.IsType<SpendRowOutcome.Refused>(Read("Дата;Расход", "01.08.2026;1,234", "02.08.2026;7.5", "03.08.2026;7,5").Rows[0]);
    }

    [Fact]
    public void An_empty_file_and_one_of_titles_alone_are_valid_and_empty()
    {
        Assert.Null(Read().Layout.Refusal);
        Assert.Null(Read("", "").Layout.Refusal);
        var (layout, rows) = Read("Дата;Расход");
        Assert.Null(layout.Refusal);
        Assert.Empty(rows);
        Assert.NotNull(Read("Имя;Телефон", "Анна;+79161234567").Layout.Refusal);
    }

    [Fact]
    public void Without_a_column_of_days_the_period_above_or_given_is_spread()
    {
        Assert.Equal(31, SpendDays.Of(Taken(Read("Период: 01.08.2026 – 31.08.2026", "Кампания;Расход", "Осень;310,00", "Итого;310,00").Rows)).Count(d => d.Amount == 10));
        Assert.NotNull(Read("Кампания;Расход", "Осень;310,00").Layout.Refusal);
        Assert.Equal([5m, 5m], SpendDays.Of(Taken(Read(new SpendOptions { From = new(2026, 8, 1), To = new(2026, 8, 2) }, "Кампания;Расход", "Осень;10").Rows)).Select(d => d.Amount));
    }

    [Fact]
    public void Titles_that_nobody_knows_are_mapped_by_the_person()
    {
        var (layout, rows) = Read(new SpendOptions { Columns = new Dictionary<string, SpendField> { ["Слито"] = SpendField.Amount, ["Когда"] = SpendField.Date } }, "Когда;Слито;Расход", "01.08.2026;5;7");
        Assert.Equal(5m, Taken(rows).Single().Amount);
        Assert.Equal("as you said", layout.Columns[0].Why);
        Assert.Null(layout.Columns[2].Field);
    }

    [Theory]
    [InlineData("Расход (руб., с НДС)", SpendField.Amount, true)]
    [InlineData("Расход без НДС, ₽", SpendField.Amount, false)]
    [InlineData("Всего потрачено, ₽", SpendField.Amount, null)]
    [InlineData("Стоимость", SpendField.Amount, null)]
    [InlineData("ID кампании", SpendField.CampaignId, null)]
    [InlineData("№ Кампании", SpendField.CampaignId, null)]
    [InlineData("Название кампании", SpendField.CampaignName, null)]
    [InlineData("ga:adCost", SpendField.Amount, null)]
    [InlineData("Impr.", SpendField.Impressions, null)]
    [InlineData("Условие показа", SpendField.Keyword, null)]
    [InlineData("Телефон", null, null)]
    public void Titles_are_known_by_their_synonyms(string title, SpendField? field, bool? vat) => Assert.Equal((field, vat), (Headers.Read(title), Headers.VatIncluded(title)));

    private static readonly Gen<(DateOnly Day, string Campaign, int Kopecks)[]> Tables =
        (from day in Gen.Choose(0, 40)
         from campaign in Gen.Elements("Поиск", "РСЯ Москва", "Бренд 2026")
         from kopecks in Gen.Choose(-500_000, 500_000_000)
         select (new DateOnly(2026, 8, 1).AddDays(day), campaign, kopecks)).ListOf().Select(rows => rows.ToArray());

    [Fact]
    public void A_random_table_comes_back_to_the_kopeck_in_every_dialect()
    {
        foreach (var (group, point, dates) in new[] { (" ", ",", "dd.MM.yyyy"), ("\u00A0", ",", "yyyy-MM-dd"), (",", ".", "MMM d, yyyy"), ("", ".", "yyyyMMdd"), (".", ",", "d.M.yy") })
        {
            var numbers = new NumberFormatInfo { NumberGroupSeparator = group, NumberDecimalSeparator = point };
            Check.One(Config.QuickThrowOnFailure.WithMaxTest(200), Prop.ForAll(Tables.ToArbitrary(), table =>
            {
                string[] lines = ["Отчёт", "Дата;Кампания;Расход (руб.)", .. table.Select(r => $"{r.Day.ToString(dates, CultureInfo.InvariantCulture)};{r.Campaign};{(r.Kopecks / 100m).ToString("N2", numbers)}"), "Итого;;1"];
                var days = SpendDays.Of(Taken(Read(lines).Rows)).ToDictionary(d => (d.Day, d.Level.CampaignName!), d => d.Amount);
                var expected = table.GroupBy(r => (r.Day, r.Campaign)).ToDictionary(g => g.Key, g => g.Sum(r => r.Kopecks / 100m));
                return days.Count == expected.Count && expected.All(e => days[e.Key] == e.Value);
            }));
        }
    }

    [Fact]
    public void A_range_is_spread_to_the_kopeck() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(
        (from kopecks in ArbMap.Default.GeneratorFor<int>() from days in Gen.Choose(1, 400) select (kopecks, days)).ToArbitrary(), c =>
        {
            var line = new SpendLine(1, new(2026, 1, 1), new DateOnly(2026, 1, 1).AddDays(c.days - 1), new() { Currency = "RUB", VatIncluded = true }, c.kopecks / 100m, 7, 0, []);
            var days = SpendDays.Of([line]);
            return days.Count == c.days && days.Sum(d => d.Amount) == line.Amount && days.Sum(d => d.Clicks) == 7 && days.Max(d => d.Amount) - days.Min(d => d.Amount) <= 0.01m;
        }));

    private static IEnumerable<SpendLine> Taken(IEnumerable<SpendRowOutcome> rows) => rows.OfType<SpendRowOutcome.Taken>().Select(t => t.Row);

    private static (SpendLayout Layout, IReadOnlyList<SpendRowOutcome> Rows) Read(params string[] lines) => Read(new SpendOptions(), lines);

    private static (SpendLayout Layout, IReadOnlyList<SpendRowOutcome> Rows) Read(SpendOptions options, params string[] lines)
    {
        var rows = lines.Select((line, i) => new TableRow(i + 1, [.. line.Split(';').Select(c => new Cell(c))])).ToArray();
        var layout = SpendLayouts.Find(rows, options);
        return (layout, [.. SpendRows.Read(rows, layout, options, "RUB")]);
    }
}
