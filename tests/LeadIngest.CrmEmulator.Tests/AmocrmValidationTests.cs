using System.Net;
using System.Text.Json.Nodes;

namespace LeadIngest.CrmEmulator.Tests;

public sealed class AmocrmValidationTests
{
    [Theory]
    [InlineData("""{"custom_fields_values":[{"field_code":"NOPE","values":[{"value":"x"}]}]}""", "NotSupportedChoice", "custom_fields_values.0.field_code")]
    [InlineData("""{"custom_fields_values":[{"field_id":1,"values":[{"value":"x"}]}]}""", "NotSupportedChoice", "custom_fields_values.0.field_id")]
    [InlineData("""{"custom_fields_values":[{"field_code":"UTM_TERM","values":[{"value":{}}]}]}""", "InvalidType", "custom_fields_values.0.values.0.value")]
    [InlineData("""{"status_id":1}""", "NotSupportedChoice", "status_id")]
    [InlineData("""{"status_id":9101,"pipeline_id":9100}""", "NotSupportedChoice", "status_id")]
    [InlineData("""{"pipeline_id":1}""", "NotSupportedChoice", "pipeline_id")]
    [InlineData("""{"responsible_user_id":999}""", "NotSupportedChoice", "responsible_user_id")]
    [InlineData("""{"price":"100"}""", "InvalidType", "price")]
    [InlineData("""{"name":5}""", "InvalidType", "name")]
    [InlineData("""{"_embedded":{"contacts":[{"id":404}]}}""", "NotSupportedChoice", "_embedded.contacts.0.id")]
    public async Task Bad_lead_is_refused_with_its_path(string item, string code, string path)
    {
        await using var emulator = await Running.StartAsync();
        var lead = (JsonObject)JsonNode.Parse(item)!;
        lead["request_id"] = "R-9";
        var (status, body) = await emulator.AmoAsync("POST", "leads", $"[{lead.ToJsonString()}]");
        Assert.Equal(HttpStatusCode.BadRequest, status);
        var refused = body!["validation-errors"]![0]!;
        Assert.Equal("R-9", refused["request_id"]!.GetValue<string>());
        Assert.Equal((code, path), (refused["errors"]![0]!["code"]!.GetValue<string>(), refused["errors"]![0]!["path"]!.GetValue<string>()));
        Assert.Empty(await emulator.StateAsync("amocrm", "leads"));
    }

    [Fact]
    public async Task Unknown_enum_of_an_inner_contact_is_refused_with_its_path()
    {
        await using var emulator = await Running.StartAsync();
        var (status, body) = await emulator.AmoAsync("POST", "leads/complex",
            """[{"_embedded":{"contacts":[{"custom_fields_values":[{"field_code":"PHONE","values":[{"value":"1","enum_code":"MOON"}]}]}]}}]""");
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal("_embedded.contacts.0.custom_fields_values.0.values.0.enum_code", body!["validation-errors"]![0]!["errors"]![0]!["path"]!.GetValue<string>());
        Assert.Empty(await emulator.StateAsync("amocrm", "contacts"));
    }

    [Fact]
    public async Task One_bad_item_refuses_the_whole_request()
    {
        await using var emulator = await Running.StartAsync();
        var (status, body) = await emulator.AmoAsync("POST", "leads", """[{"name":"good"},{"status_id":1}]""");
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal("1", body!["validation-errors"]![0]!["request_id"]!.GetValue<string>());
        Assert.Empty(await emulator.StateAsync("amocrm", "leads"));
    }

    [Fact]
    public async Task Second_field_with_the_same_code_is_refused_on_path_code()
    {
        await using var emulator = await Running.StartAsync();
        const string Field = """[{"name":"A","type":"text","code":"A"}]""";
        await emulator.AmoAsync("POST", "leads/custom_fields", Field);
        var (status, body) = await emulator.AmoAsync("POST", "leads/custom_fields", Field);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Equal("code", body!["validation-errors"]![0]!["errors"]![0]!["path"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("leads", 251, HttpStatusCode.UnprocessableEntity)]
    [InlineData("leads", 250, HttpStatusCode.OK)]
    [InlineData("leads/complex", 51, HttpStatusCode.BadRequest)]
    [InlineData("leads/complex", 50, HttpStatusCode.OK)]
    public async Task Batches_are_bounded(string path, int count, HttpStatusCode expected)
    {
        await using var emulator = await Running.StartAsync();
        var (status, _) = await emulator.AmoAsync("POST", path, "[" + string.Join(',', Enumerable.Repeat("{}", count)) + "]");
        Assert.Equal(expected, status);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("\"text\"")]
    [InlineData("[1]")]
    [InlineData("[{\"name\":\"a\",\"name\":\"b\"}]")]
    [InlineData("[{\"name\":\"\\ud800\"}]")]
    [InlineData("[{\"_embedded\":5,\"custom_fields_values\":{}}]")]
    public async Task Nonsense_is_refused_in_the_crms_own_style(string body)
    {
        await using var emulator = await Running.StartAsync();
        foreach (var path in new[] { "leads", "leads/complex", "contacts", "leads/notes", "tasks", "leads/custom_fields", "leads/unsorted/forms" })
        {
            var (status, text, type) = await emulator.AmoTextAsync("POST", path, body);
            Assert.True(status == HttpStatusCode.BadRequest || (path is "contacts" or "leads" or "leads/complex" && status == HttpStatusCode.OK), $"{path} {status} {text}");
            if (status == HttpStatusCode.BadRequest)
                Assert.Equal("application/problem+json", type);
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("wrong")]
    public async Task Wrong_token_is_refused(string? token)
    {
        await using var emulator = await Running.StartAsync();
        var (status, body) = await emulator.AmoAsync("GET", "account", token: token);
        Assert.Equal(HttpStatusCode.Unauthorized, status);
        Assert.Equal(401, body!["status"]!.GetValue<int>());
    }

    [Fact]
    public async Task Refresh_token_works_once()
    {
        await using var emulator = await Running.StartAsync();
        const string Body = """{"client_id":"demo-client-id","client_secret":"demo-client-secret","grant_type":"refresh_token","refresh_token":"demo-refresh-token","redirect_uri":"https://example.org/oauth"}""";
        async Task<(HttpStatusCode, JsonNode)> Exchange()
        {
            using var content = new StringContent(Body, System.Text.Encoding.UTF8, "application/json");
            using var response = await emulator.Http.PostAsync(new Uri("amocrm/oauth2/access_token", UriKind.Relative), content);
            return (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!);
        }
        var (first, pair) = await Exchange();
        Assert.Equal(HttpStatusCode.OK, first);
        Assert.Equal(HttpStatusCode.OK, (await emulator.AmoAsync("GET", "account", token: pair["access_token"]!.GetValue<string>())).Status);
        var (second, refusal) = await Exchange();
        Assert.Equal((HttpStatusCode.Unauthorized, "Token has been revoked"), (second, refusal["hint"]!.GetValue<string>()));
    }
}
