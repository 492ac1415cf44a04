using LeadIngest.Core.Identities;

namespace LeadIngest.Core.Tests.Identities;

public class TextTests
{
    [Theory]
    [InlineData("Нужно 2 окна", "Нужно 2 окна")]
    [InlineData("  первая\r\nвторая\rтретья\n ", "первая\nвторая\nтретья")]
    [InlineData("a\0b\u0001c\u007Fd\u0085e", "abcde")]
    [InlineData("a\tb", "a b")]
    [InlineData("a\uFFFEb\uFFFFc", "abc")]
    [InlineData("👍🏽 ок", "👍🏽 ок")]
    [InlineData("👩\u200D💻", "👩\u200D💻")]
    [InlineData("\u202Eabc\u202C\uFEFF", "abc")]
    [InlineData("и\u0306од е\u0308лка", "йод ёлка")]
    [InlineData("строка\u2028строка", "строка\nстрока")]
    public void Clean_keeps_what_a_person_can_read(string text, string expected) => Assert.Equal(expected, Text.Clean(text, 100));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" \n\t ")]
    [InlineData("\0\0")]
    public void Nothing_left_is_null(string? text)
    {
        Assert.Null(Text.Clean(text, 100));
        Assert.Null(PersonName.Clean(text));
    }

    // Not in the tables: attributes are stored in UTF-8, which has no form for them.
    [Fact]
    public void Halves_of_surrogate_pairs_go()
    {
        Assert.Equal("ab", Text.Clean("a\uD800b", 100));
        Assert.Equal("ab", Text.Clean("\uDC00a\uDC00b\uD800", 100));
        Assert.Null(PersonName.Clean("\uD800"));
    }

    [Fact]
    public void The_cut_never_splits_a_character()
    {
        Assert.Equal("ab", Text.Clean("ab👍", 3));
        Assert.Equal("ab👍", Text.Clean("ab👍", 4));
        Assert.Null(Text.Clean("abc", 0));
        Assert.Null(Text.Clean("👍", 1));
    }

    [Theory]
    [InlineData("Ольга", "Ольга")]
    [InlineData("  Ольга \u00A0 Ивановна\n", "Ольга Ивановна")]
    [InlineData("ОЛЬГА иванова", "ОЛЬГА иванова")]
    [InlineData("Оль\u200Bга\u200D", "Ольга")]
    [InlineData("Сергеи\u0306", "Сергей")]
    [InlineData("test", "test")]
    [InlineData("O'Нил-Петров", "O'Нил-Петров")]
    public void Names(string text, string expected) => Assert.Equal(expected, PersonName.Clean(text));

    [Fact]
    public void A_name_is_at_most_200_units() => Assert.Equal(PersonName.MaxLength, PersonName.Clean(new string('я', 5000))!.Length);

    [Fact]
    public void Parts_of_a_name_are_joined() => Assert.Equal("Иванова Ольга", PersonName.Join(" Иванова", null, " ", "Ольга "));
}
