using LeadIngest.Core.Metrics;
using LeadIngest.Core.Passports;
using LeadIngest.Core.Tests.Passports;

namespace LeadIngest.Core.Tests.Metrics;

public sealed class TagFaultsTests
{
    [Fact]
    public void Every_fault_that_mending_knows_has_words_in_both_languages()
    {
        var warnings = new List<string>();
        foreach (var fault in Enum.GetValues<Faults>()) FaultWarnings.AddTo(warnings, fault, "utm_term");
        Assert.Equal(Enum.GetValues<Faults>().Length - 1, warnings.Count);
        Assert.All(warnings, w => Assert.Equal("utm_term", TagFaults.Of(w)!.Value.Subject));
        Assert.All(TagFaults.All, f =>
        {
            Assert.Contains(f.Russian, c => c is >= 'а' and <= 'я');
            Assert.DoesNotContain(f.English, c => c is >= 'а' and <= 'я');
            Assert.All([f.Name, f.Group, f.GroupRussian, f.GroupEnglish], Assert.NotEmpty);
        });
        Assert.All(TagFaults.All.GroupBy(f => f.Group), g => Assert.Single(g.Select(f => (f.GroupRussian, f.GroupEnglish)).Distinct()));
    }

    [Theory]
    [InlineData("utm_source=google&yclid=1", "conflict")]
    [InlineData("utm_medium=cpc", "source_missing")]
    [InlineData("utm_source=ya?utm_medium=cpc", "second_question_mark")]
    [InlineData("_openstat=!!!", "unreadable")]
    [InlineData("utm_source=yandex&utm_medium=cpc&utm_term={keyword}", "macro_unsubstituted")]
    [InlineData("url=https%3A%2F%2Fexample.ru%2F%3Futm_source%3Dya", "nested")]
    [InlineData("a=1#utm_source=ya", "tags_in_fragment")]
    public void Every_fault_of_a_link_is_known(string query, string name)
    {
        var warnings = Writing.Query(query).Warnings;
        Assert.Contains(name, warnings.Select(w => TagFaults.Of(w)?.Fault.Name));
        Assert.All(warnings, w => Assert.NotNull(TagFaults.Of(w)));
    }

    [Fact]
    public void What_nobody_can_mend_is_no_fault_and_other_warnings_are_not_about_tags()
    {
        Assert.False(TagFaults.Of("spam_referrer: example.com")!.Value.Fault.IsFault);
        Assert.True(TagFaults.Of("case")!.Value is { Fault.IsFault: true, Subject: "" });
        Assert.Null(TagFaults.Of("phone_unreadable"));
    }
}
