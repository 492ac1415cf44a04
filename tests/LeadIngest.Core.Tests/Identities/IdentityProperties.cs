using FsCheck;
using FsCheck.Fluent;
using LeadIngest.Core.Identities;

namespace LeadIngest.Core.Tests.Identities;

public class IdentityProperties
{
    private static readonly string[] Separators = ["", " ", "-", "(", ")", "\u00A0", ".", "  ", "\u2013"];
    private static readonly string[] Pieces =
    [
        "+7", "8", "916", "1234567", "-", " ", "(", ")", "доб. ", "#", ",", ";", "или", "О", "+", "@", ".", "mail", "ru", "\0", "\uD800", "٣", "x", "00", "810", "почта.рф", "<", ">",
    ];

    private static readonly Gen<string> Noise = Gen.OneOf(
        ArbMap.Default.GeneratorFor<string>(),
        Gen.Elements(Pieces).ArrayOf().Select(string.Concat));

    private static readonly Gen<string> Country = Gen.Elements([.. NumberingPlans.Countries, "", "XX", null!]);

    [Fact]
    public void Any_text_is_read_without_an_exception() =>
        Prop.ForAll(Noise.ToArbitrary(), Country.ToArbitrary(), (text, country) =>
        {
            _ = Phone.TryParse(text, country, out _);
            _ = Phone.FindAll(text, country);
            _ = Email.TryParse(text, out _);
            _ = PersonName.Clean(text);
            _ = Text.Clean(text, 10);
        }).Hold();

    [Fact]
    public void A_number_in_E164_form_reads_as_itself_anywhere() =>
        Prop.ForAll(Gen.Elements(PhoneVectorsTests.Rows).ToArbitrary(), Country.ToArbitrary(), (row, country) =>
            Phone.TryParse(row[3], country, out var phone) && phone.E164 == row[3] && (phone.Country ?? "") == row[4])
            .Hold();

    [Fact]
    public void Whatever_was_read_reads_again_as_the_same() =>
        Prop.ForAll(Noise.ToArbitrary(), Country.ToArbitrary(), (text, country) =>
            Phone.FindAll(text, country).All(phone => Phone.TryParse(phone.E164, country, out var again) && again == phone with { Extension = null }))
            .Hold();

    [Fact]
    public void Separators_between_digits_change_nothing()
    {
        var rows = Gen.Elements([.. PhoneVectorsTests.Rows.Where(row => !row[2].StartsWith("tel:", StringComparison.Ordinal))]);
        var separators = Gen.Elements(Separators).ArrayOf(20);
        Prop.ForAll(rows.ToArbitrary(), separators.ToArbitrary(), (row, gaps) =>
        {
            var text = string.Concat(row[2].Select((c, i) => char.IsAsciiDigit(c) ? c + gaps[i % gaps.Length] : c.ToString()));
            return Phone.TryParse(text, row[1], out var phone) && phone.E164 == row[3];
        }).Hold();
    }

    [Fact]
    public void An_address_reads_as_itself() =>
        Prop.ForAll(Noise.ToArbitrary(), ArbMap.Default.GeneratorFor<NonEmptyString>().ToArbitrary(), (left, right) =>
            !Email.TryParse($"{left}@{right.Get}.ru", out var email)
            || (Email.TryParse(email.Address, out var again) && again == email)).Hold();

    [Fact]
    public void Clean_text_is_clean() =>
        Prop.ForAll(Noise.ToArbitrary(), text => Text.Clean(text, 50) is not { } clean
            || (clean.Length <= 50 && Text.Clean(clean, 50) == clean && !clean.Contains('\0', StringComparison.Ordinal))).Hold();
}

internal static class Checks
{
    /// <summary>Two thousand cases without a line for each.</summary>
    public static void Hold(this Property property) =>
        property.Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
}
