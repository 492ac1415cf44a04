using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using LeadIngest.Core.Spend;

namespace LeadIngest.Core.Tests.Spend;

public sealed class NumberTextTests
{
    [Theory]
    [InlineData("1 234,56", 1234.56)]
    [InlineData("1\u00A0234,56", 1234.56)]
    [InlineData("1\u202F234\u202F567,8", 1234567.8)]
    [InlineData("1,234.56", 1234.56)]
    [InlineData("1.234,56", 1234.56)]
    [InlineData("1'234.50", 1234.5)]
    [InlineData("1,234,567", 1234567)]
    [InlineData("1 234,567", 1234.567)]
    [InlineData("12,5", 12.5)]
    [InlineData("0,123", 0.123)]
    [InlineData("1234,567", 1234.567)]
    [InlineData("−15,50 ₽", -15.5)]
    [InlineData("(12.30)", -12.3)]
    [InlineData("$1,234.56", 1234.56)]
    [InlineData("-$5.00", -5)]
    [InlineData("1 000 руб.", 1000)]
    [InlineData("42", 42)]
    public void A_number_is_read_in_the_spelling_of_its_country(string text, double expected)
    {
        var read = NumberText.Read(text);
        Assert.Equal((ReadingKind.Value, (decimal)expected), (read.Kind, read.Value));
    }

    [Theory]
    [InlineData("1,234")]
    [InlineData("12.345")]
    [InlineData("-123,456")]
    public void A_number_that_has_two_readings_is_asked_not_guessed(string text)
    {
        Assert.Equal(ReadingKind.Ambiguous, NumberText.Read(text).Kind);
        var (a, b) = (NumberText.Read(text, DecimalMark.Comma), NumberText.Read(text, DecimalMark.Point));
        Assert.Equal((ReadingKind.Value, ReadingKind.Value), (a.Kind, b.Kind));
        Assert.Equal(1000m, Math.Max(a.Value / b.Value, b.Value / a.Value));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \u00A0")]
    [InlineData("—")]
    [InlineData("--")]
    [InlineData(null)]
    public void A_dash_is_nothing_and_not_an_error(string? text) => Assert.Equal(ReadingKind.Empty, NumberText.Read(text).Kind);

    [Theory]
    [InlineData("1,23,4")]
    [InlineData("12 34,5")]
    [InlineData("=1+1")]
    [InlineData("abc")]
    [InlineData("1.2.3,4")]
    [InlineData("12%")]
    [InlineData("5-")]
    public void What_is_no_number_stays_none(string text) => Assert.Equal(ReadingKind.Unreadable, NumberText.Read(text).Kind);

    [Fact]
    public void A_mark_that_contradicts_the_known_one_is_refused()
    {
        Assert.Equal(ReadingKind.Unreadable, NumberText.Read("12,5", DecimalMark.Point).Kind);
        Assert.Equal(ReadingKind.Unreadable, NumberText.Read("1,234.5", DecimalMark.Comma).Kind);
        Assert.Equal(ReadingKind.Impossible, NumberText.Read("1000000000000").Kind);
    }

    [Fact]
    public void Every_kopeck_comes_back_from_every_spelling()
    {
        foreach (var (group, point) in new[] { (" ", ","), ("\u00A0", ","), ("\u202F", "."), (",", "."), (".", ","), ("'", "."), ("", ","), ("", ".") })
        {
            var format = new NumberFormatInfo { NumberGroupSeparator = group, NumberDecimalSeparator = point };
            Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(ArbMap.Default.ArbFor<int>(), kopecks =>
            {
                var amount = kopecks / 100m;
                var read = NumberText.Read(amount.ToString("N2", format));
                return read.Kind == ReadingKind.Value && read.Value == amount;
            }));
        }
    }

    [Fact]
    public void No_text_breaks_the_reader() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(2000), Prop.ForAll(
        Gen.Elements('1', '0', '9', ',', '.', ' ', '-', '(', ')', '₽', 'e', '\u00A0').ListOf().Select(c => new string([.. c])).ToArbitrary(),
        text => NumberText.Read(text).Kind is var kind && Enum.IsDefined(kind)));
}
