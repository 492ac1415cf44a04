using System.Text.Json.Nodes;
using LeadIngest.Crm.Bitrix24;
using LeadIngest.Crm.Failures;
using LeadIngest.CrmEmulator.Faults;

namespace LeadIngest.Crm.Tests;

/// <summary>
/// Every trouble that the emulated CRMs can make has a row in the failure tables, and the row that was meant. A fault or a setting of the emulator that is
/// not named here fails the test: say what it leads to.
/// </summary>
public sealed class FailureTableTests
{
    /// <summary>What to switch on, how many leads to send, and the rows that may come; "" is a delivery.</summary>
    private sealed record Trouble(string? Set, string[] Ends, int Leads = 1);

    private static Trouble Harmless { get; } = new(null, [""]);

    private static readonly Dictionary<string, Trouble[]> Faults = new()
    {
        ["latency"] = [new("""{"ms":50}""", [""])],
        ["hang"] = [new("""{"ms":3000}""", ["transport.silent"])],
        ["late"] = [new("""{"ms":50}""", [""]), new("""{"ms":3000}""", ["transport.silent"])],
        ["status_before"] = Statuses(),
        ["status_after"] = Statuses(),
        ["drop_before"] = [new("{}", ["transport.broken"])],
        ["drop_after"] = [new("{}", ["transport.broken"])],
        ["html"] = [new("{}", ["*.failed"]), new("""{"status":504}""", ["*.timeout"])],
        ["truncated"] = [new("{}", ["*.unreadable", "transport.broken"])],
        ["rate_limit"] = [Harmless],
        ["down"] = [new("{}", ["transport.broken"]), new("""{"status":503}""", ["*.failed"])],
        ["expire_tokens"] = [new("{}", ["amocrm.token", "bitrix24.expired_token", "bitrix24.INVALID_CREDENTIALS"])],
        ["search_lag"] = [Harmless],
        ["hook_delay"] = [Harmless],
        ["hook_duplicate"] = [Harmless],
        ["hook_reorder"] = [Harmless],
        ["hook_drop"] = [Harmless],
    };

    private static readonly Dictionary<string, Trouble[]> Amocrm = new()
    {
        ["paid"] = [new("false", ["amocrm.unpaid"])],
        ["blocked"] = [new("true", ["amocrm.forbidden"])],
        ["read_only"] = [new("true", ["amocrm.forbidden"])],
        ["read_only_status"] = [new("400", ["amocrm.no_right"])],
        ["max_batch"] = [new("1", ["amocrm.timeout"], Leads: 3)],
        ["max_batch_done"] = [new("true", ["amocrm.timeout"], Leads: 3)],
        ["poison"] = [new("\"Перезвоните\"", ["", "amocrm.validation"])],
        ["poison_status"] = [new("500", ["amocrm.failed"])],
        ["text_limit"] = [new("20", ["", "amocrm.validation"])],
        ["rename"] = [new("\"other.amocrm.ru\"", ["amocrm.gone"])],
        ["old_host"] = [new("401", ["amocrm.token"])],
        ["uninstall"] = [new("\"demo-amocrm-token\"", ["amocrm.token"])],
        // Read where the fields are read for the first time only.
        ["admin"] = [new("false", ["", "amocrm.forbidden"])],
    };

    private static readonly Dictionary<string, Trouble[]> Bitrix24 = new()
    {
        ["paid"] = [new("false", ["bitrix24.ACCESS_DENIED"])],
        ["overload"] = [new("true", ["bitrix24.OVERLOAD_LIMIT"])],
        ["deleted"] = [new("true", ["bitrix24.PORTAL_DELETED"])],
        ["scopes"] = [new("\"user\"", ["bitrix24.insufficient_scope"])],
        ["operating_limit"] = [new("1", ["bitrix24.OPERATION_TIME_LIMIT"], Leads: 3)],
        ["required"] = [new("""{"contact":["LAST_NAME"]}""", ["bitrix24.CRM_FIELD_ERROR_REQUIRED"])],
        ["disk_full"] = [new("true", ["bitrix24.empty_code"])],
        ["rename"] = [new("\"other.bitrix24.ru\"", ["bitrix24.moved"])],
        ["fail"] = [.. Bitrix24Errors.All.Select(f => f.Key["bitrix24.".Length..]).Where(c => c.Any(char.IsAsciiDigit) || c.Contains('_', StringComparison.Ordinal)).Where(c => c is not
                ("empty_code" or "no_right" or "not_mentioned" or "other_401" or "unreadable_401" or "other_403" or "other_429" or "ACCESS_DENIED"))
            .Select(code => new Trouble($$"""{"method":"crm.item.add","code":"{{code}}","description":"x","status":400,"times":10}""", [$"bitrix24.{code}"]))],
    };

    /// <summary>Settings that spoil no sending: what they change is read elsewhere, or the sending copes with it.</summary>
    private static readonly string[] WithoutEnd =
    [
        "account", "id", "api_filter", "duplicate_control", "rate_per_second", "account_rate_per_second", "block_after_violations", "retry_after_seconds", "rate_answer",
        "atomic_batches", "merge_event", "merge_deletes", "complex_answer", "unsorted_repeats", "reopen_keeps_closed_at", "token_error_status", "client_error_hint", "refresh_grace_seconds", "api_domain",
        "member_id", "endpoint", "flavour", "plan", "mode", "operating_seconds_per_call", "statuses", "old_statuses", "own_only", "admin", "strict_phones", "unresolved",
        "history_of_all", "check_users", "ignore_offset_dates", "show_operating", "event_tokens", "wrong_client_status", "closing_moves_close_date", "convert_inherits", "convert_hides",
        "lead_creation_error", "currency",
    ];

    [Fact]
    public void Every_fault_of_the_emulator_is_named() => Assert.Equal(FaultKinds.All.Order(), Faults.Keys.Order());

    [Theory]
    [InlineData("amocrm")]
    [InlineData("bitrix24")]
    public async Task Every_setting_of_an_emulated_account_is_named(string crm)
    {
        await using var emulator = await EmulatedCrm.StartAsync(crm);
        var named = (crm == "amocrm" ? Amocrm : Bitrix24).Keys.Concat(WithoutEnd);
        Assert.Empty((await emulator.PostAsync($"_account/{crm}", new { })).AsObject().Select(s => s.Key).Except(named));
    }

    [Theory]
    [InlineData("amocrm")]
    [InlineData("bitrix24")]
    public async Task Every_trouble_ends_in_the_row_that_was_meant(string crm)
    {
        foreach (var (kind, troubles) in Faults)
            foreach (var trouble in troubles)
                await ExpectAsync(crm, trouble, $"fault {kind}", (emulator, set) => emulator.PostAsync("_faults", Merged(set, ("crm", crm), ("kind", kind))));
        foreach (var (setting, troubles) in crm == "amocrm" ? Amocrm : Bitrix24)
            foreach (var trouble in troubles)
                await ExpectAsync(crm, trouble, $"setting {setting}", (emulator, set) => emulator.PostAsync($"_account/{crm}", With(setting, set)));
    }

    [Fact]
    public void Every_row_has_a_name_of_its_own() => Assert.Equal(FailureDocument.All.Count(), FailureDocument.All.Select(f => f.Key).Distinct().Count());

    [Fact]
    public void The_document_is_the_table()
    {
        var file = Path.Combine(Root(), "docs", "failures.md");
        if (Environment.GetEnvironmentVariable("WRITE_DOCS") == "1") File.WriteAllText(file, FailureDocument.Text());
        Assert.True(File.Exists(file) && File.ReadAllText(file) == FailureDocument.Text(), "docs/failures.md is not what the tables say: run this test with WRITE_DOCS=1.");
    }

    private static async Task ExpectAsync(string crm, Trouble trouble, string what, Func<EmulatedCrm, JsonNode?, Task> switchOn)
    {
        await using var emulator = await EmulatedCrm.StartAsync(crm);
        var timings = new CrmTimings { AttemptTimeout = TimeSpan.FromMilliseconds(1500), ReadTimeout = TimeSpan.FromMilliseconds(1500), RequestsPerSecond = 1000 };
        using var handler = CrmAccounts.CreateHandler();
        await using var account = CrmAccounts.Create(new CrmConnection
        {
            Kind = crm,
            BaseAddress = new Uri(emulator.Address, crm == "amocrm" ? "amocrm" : "bitrix24/rest/1/demo-bitrix-secret/"),
            Token = crm == "amocrm" ? "demo-amocrm-token" : null,
        }, timings, new RequestBudgets(TimeProvider.System), handler, TimeProvider.System);
        await account.SendAsync([Samples.Lead()], new Guard(), default);
        await switchOn(emulator, trouble.Set is null ? null : JsonNode.Parse(trouble.Set));
        var outcomes = await account.SendAsync([.. Enumerable.Range(0, trouble.Leads).Select(_ => Samples.Lead())], new Guard(), default);

        var wanted = trouble.Ends.Select(e => e.Replace("*", crm, StringComparison.Ordinal)).ToArray();
        Assert.All(outcomes, o =>
        {
            Assert.True(wanted.Contains(o.Failure), $"{what} {trouble.Set}: wanted {string.Join(" or ", wanted)}, was '{o.Failure}' ({o})");
            Assert.True(o.Failure.Length > 0 ? FailureDocument.All.Any(f => f.Key == o.Failure) : o is DeliveryOutcome.Delivered, $"{what}: {o} is in no table");
        });
    }

    private static Trouble[] Statuses() =>
    [
        .. new (int Status, string[] Ends)[]
        {
            (400, ["*.refused", "*.validation", "bitrix24.empty_code", "bitrix24.ERROR_CORE"]), (401, ["amocrm.token", "bitrix24.expired_token", "bitrix24.INVALID_CREDENTIALS", "bitrix24.other_401", "bitrix24.unreadable_401"]),
            (402, ["amocrm.unpaid", "bitrix24.PAYMENT_REQUIRED", "bitrix24.other_403", "bitrix24.ACCESS_DENIED"]), (403, ["amocrm.forbidden", "bitrix24.other_403", "bitrix24.ACCESS_DENIED", "bitrix24.INVALID_CREDENTIALS"]),
            (404, ["*.gone", "bitrix24.ERROR_METHOD_NOT_FOUND"]), (422, ["*.refused"]), (429, ["amocrm.rate", "bitrix24.other_429", "bitrix24.OPERATION_TIME_LIMIT", "bitrix24.QUERY_LIMIT_EXCEEDED"]),
            (500, ["*.failed", "bitrix24.INTERNAL_SERVER_ERROR"]), (502, ["*.failed", "bitrix24.INTERNAL_SERVER_ERROR", "bitrix24.ERROR_UNEXPECTED_ANSWER"]),
            (503, ["*.failed", "bitrix24.QUERY_LIMIT_EXCEEDED", "bitrix24.INTERNAL_SERVER_ERROR"]), (504, ["*.timeout", "bitrix24.INTERNAL_SERVER_ERROR", "bitrix24.ERROR_UNEXPECTED_ANSWER"]),
        // The emulated portal calls any status that has no code of its own an internal error.
        }.Select(s => new Trouble($$"""{"status":{{s.Status}}}""", [.. s.Ends, "bitrix24.INTERNAL_SERVER_ERROR"])),
    ];

    private static JsonObject Merged(JsonNode? set, params (string Name, string Value)[] more)
    {
        var all = set as JsonObject ?? [];
        foreach (var (name, value) in more) all[name] = value;
        return all;
    }

    private static JsonObject With(string setting, JsonNode? value)
    {
        var change = new JsonObject { [setting] = value };
        // Some settings say only how another one shows.
        if (setting == "read_only_status") change["read_only"] = true;
        if (setting == "poison_status") change["poison"] = "Перезвоните";
        if (setting == "max_batch_done") change["max_batch"] = 1;
        if (setting == "old_host") change["rename"] = "other.amocrm.ru";
        if (setting == "operating_limit") change["operating_seconds_per_call"] = 100;
        return change;
    }

    private static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); ; folder = folder.Parent!)
            if (File.Exists(Path.Combine(folder.FullName, "LeadIngest.sln"))) return folder.FullName;
    }
}
