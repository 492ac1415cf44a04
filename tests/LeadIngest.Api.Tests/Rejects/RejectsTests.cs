using System.Text;
using System.Text.Json;

namespace LeadIngest.Api.Tests.Rejects;

public class RejectsTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task The_list_tells_what_was_wrong_and_holds_no_bodies()
    {
        var project = await api.CreateProjectAsync();
        var id = await api.RejectAsync(project);
        var page = await api.ReadAsync(project, "/v1/rejects?state=open");
        var reject = Assert.Single(page.GetProperty("items").EnumerateArray());
        Assert.Equal((id, "unreadable_json"), (reject.GetProperty("id").GetGuid(), reject.GetProperty("reason").GetString()));
        Assert.Equal(["Not JSON."], reject.GetProperty("errors").GetProperty("body").Strings());
        Assert.DoesNotContain("+7 916", page.GetRawText());
    }

    [Fact]
    public async Task A_reject_is_shown_whole()
    {
        var project = await api.CreateProjectAsync();
        var reject = await api.ReadAsync(project, $"/v1/rejects/{await api.RejectAsync(project)}");
        Assert.Equal("{\"phone\": +7 916", reject.GetProperty("body").GetProperty("text").GetString());
        Assert.Equal(["curl/8"], reject.GetProperty("headers").GetProperty("User-Agent").Strings());
    }

    public static TheoryData<byte[], string?, string?> Bodies => new()
    {
        { Encoding.UTF8.GetBytes("имя=Анна"), "имя=Анна", "utf-8" },
        { [0xE8, 0xEC, 0xFF, 0x3D, 0xC0, 0xED, 0xED, 0xE0], "имя=Анна", "windows-1251" },
        { [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0x00], null, null },
        { [], "", "utf-8" },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task A_body_is_shown_as_text_where_it_is_text(byte[] body, string? text, string? encoding)
    {
        var project = await api.CreateProjectAsync();
        var shown = (await api.ReadAsync(project, $"/v1/rejects/{await api.RejectAsync(project, body)}")).GetProperty("body");
        Assert.Equal((text, encoding), (shown.GetProperty("text").GetString(), shown.GetProperty("encoding").GetString()));
        Assert.Equal(body, shown.GetProperty("base64").GetBytesFromBase64());
    }

    [Fact]
    public async Task A_discarded_reject_keeps_the_reason_and_is_closed()
    {
        var project = await api.CreateProjectAsync();
        var id = await api.RejectAsync(project);
        Assert.Equal(204, (int)(await api.PostAsync(project, $"/v1/rejects/{id}/discard", new { comment = "сканер" })).StatusCode);
        var reject = (await api.ReadAsync(project, $"/v1/rejects/{id}")).GetProperty("reject");
        Assert.Equal(("discarded", "сканер"), (reject.GetProperty("state").GetString(), reject.GetProperty("comment").GetString()));
        Assert.NotEqual(JsonValueKind.Null, reject.GetProperty("closedAt").ValueKind);
        Assert.Equal(["body"], reject.GetProperty("errors").EnumerateObject().Select(e => e.Name));
        await (await api.PostAsync(project, $"/v1/rejects/{id}/discard", new { comment = "ещё раз" })).ProblemAsync(409);
    }

    [Fact]
    public async Task Discarding_wants_a_reason()
    {
        var project = await api.CreateProjectAsync();
        await (await api.PostAsync(project, $"/v1/rejects/{await api.RejectAsync(project)}/discard", new { comment = " " })).ProblemAsync(400);
    }
}
