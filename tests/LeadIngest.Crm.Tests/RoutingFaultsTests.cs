using System.Text.Json;
using LeadIngest.Crm.Routing;

namespace LeadIngest.Crm.Tests;

/// <summary>Wrong rules are refused before they are stored, each fault by its place.</summary>
public sealed class RoutingFaultsTests
{
    [Theory]
    [InlineData("""{"rules":[{"name":"a","then":{"title":"{nme}"}}]}""", "rules[0].then.title")]
    [InlineData("""{"rules":[{"name":"a","then":{"title":"{name"}}]}""", "rules[0].then.title")]
    [InlineData("""{"rules":[{"name":"a","then":{"title":""}}]}""", "rules[0].then.title")]
    [InlineData("""{"rules":[{"name":""}]}""", "rules[0].name")]
    [InlineData("""{"rules":[{"name":"a"},{"name":"a"}]}""", "rules[1].name")]
    [InlineData("""{"rules":[null]}""", "rules[0]")]
    [InlineData("""{"rules":[{"name":"a","then":null}]}""", "rules[0].then")]
    [InlineData("""{"rules":[{"name":"a","when":{"channels":["paid"]}}]}""", "rules[0].when.channels")]
    [InlineData("""{"rules":[{"name":"a","when":{"kinds":["sms"]}}]}""", "rules[0].when.kinds")]
    [InlineData("""{"rules":[{"name":"a","when":{"client":"old"}}]}""", "rules[0].when.client")]
    [InlineData("""{"rules":[{"name":"a","when":{"hours":"off"}}]}""", "rules[0].when.hours")]
    [InlineData("""{"rules":[{"name":"a","when":{"phonePrefixes":["8495"]}}]}""", "rules[0].when.phonePrefixes")]
    [InlineData("""{"rules":[{"name":"a","when":{"keywordContains":[""]}}]}""", "rules[0].when.keywordContains")]
    [InlineData("""{"rules":[{"name":"a","when":{"sites":[null]}}]}""", "rules[0].when.sites")]
    [InlineData("""{"always":{"responsible":{}}}""", "always.responsible")]
    [InlineData("""{"always":{"responsible":{"users":[1,1]}}}""", "always.responsible.users")]
    [InlineData("""{"always":{"responsible":{"users":[0]}}}""", "always.responsible.users")]
    [InlineData("""{"always":{"pipelineId":-1}}""", "always.pipelineId")]
    [InlineData("""{"always":{"stageId":"NEW"}}""", "always.stageId")]
    [InlineData("""{"always":{"fields":{"bad field":"{name}"}}}""", "always.fields[bad field]")]
    [InlineData("""{"always":{"fields":{"F":"{nobody}"}}}""", "always.fields[F]")]
    [InlineData("""{"always":{"fields":{"F":null}}}""", "always.fields[F]")]
    [InlineData("""{"always":{"tags":["ok",null]}}""", "always.tags[1]")]
    [InlineData("""{"always":{"task":{"text":"x","dueMinutes":0}}}""", "always.task.dueMinutes")]
    [InlineData("""{"always":{"task":{"text":null}}}""", "always.task.text")]
    [InlineData("""{"always":{"task":{"text":"x","for":["old"]}}}""", "always.task.for")]
    [InlineData("""{"workingHours":{"monday":"09:00-18:00"}}""", "workingHours[monday]")]
    [InlineData("""{"workingHours":{"mon":"18:00-09:00"}}""", "workingHours[mon]")]
    [InlineData("""{"workingHours":{"mon":"09:00-13:00,12:00-18:00"}}""", "workingHours[mon]")]
    [InlineData("""{"workingHours":{"mon":null}}""", "workingHours[mon]")]
    [InlineData("""{"workingHours":{}}""", "workingHours")]
    [InlineData("""{"workingHours":{"mon":"09:00-24:00"},"daysOff":["31.12.2026"]}""", "daysOff[0]")]
    public void A_fault_is_named_by_its_place(string json, string path)
    {
        var (at, fault) = Assert.Single(RoutingFaults.Of(Read(json), "amocrm"));
        Assert.Equal(path, at);
        Assert.NotEmpty(fault);
    }

    [Fact]
    public void A_field_of_the_portal_is_named_as_the_portal_names_it()
    {
        var settings = Read("""{"always":{"stageId":"C4:NEW","fields":{"UF_CRM_1747309879":"{keyword}"}}}""");
        Assert.Empty(RoutingFaults.Of(settings, "bitrix24"));
        Assert.Equal("always.fields[TITLE]", Assert.Single(RoutingFaults.Of(Read("""{"always":{"fields":{"TITLE":"x"}}}"""), "bitrix24")).Path);
    }

    private static RoutingSettings Read(string json) => JsonSerializer.Deserialize<RoutingSettings>(json, JsonSerializerOptions.Web)!;
}
