using System.Text.Json.Nodes;
using LeadIngest.Crm.Preview;

namespace LeadIngest.Crm.Tests;

/// <summary>A preview shows what is then sent, byte for byte but for ids that are not known yet, and changes nothing.</summary>
public abstract partial class CrmAccountContract
{
    [Fact]
    public async Task A_preview_is_what_is_then_sent()
    {
        var settings = Rules(new()
        {
            PipelineId = SecondPipeline.Pipeline,
            Responsible = new() { Previous = true, Users = [32, 33] },
            Title = "{form}: {name}",
            Tags = ["сайт"],
            Task = new() { Text = "Позвонить {name}", DueMinutes = 15 },
        });
        // Our own fields are there by now, and a contact that is known.
        var known = await DeliverAsync(Samples.Lead());
        var connection = Connection(_crm.Address) with { Settings = settings };
        var timings = new CrmTimings { RequestsPerSecond = 1000 };
        foreach (var lead in new[] { Samples.Lead(), Samples.Lead() with { ContactId = known.Steps[Step.Contact], IsRepeat = true }, Samples.Call(), Samples.Note(known.Steps[Step.Deal]) })
        {
            var before = (await _crm.CountAsync("deals"), await _crm.CountAsync("contacts"), await _crm.CountAsync("tasks"), await _crm.CountAsync("notes"));

            var preview = await DeliveryPreview.RunAsync(lead, connection, timings, new RequestBudgets(TimeProvider.System), Handler, new StandingClock(), null, default);

            Assert.Equal(before, (await _crm.CountAsync("deals"), await _crm.CountAsync("contacts"), await _crm.CountAsync("tasks"), await _crm.CountAsync("notes")));
            Assert.Equal("Delivered", preview.Outcome);
            using var spy = new Spy();
            await using var account = CrmAccounts.Create(connection, timings, new RequestBudgets(TimeProvider.System), spy, new StandingClock());
            Assert.IsType<DeliveryOutcome.Delivered>(Assert.Single(await account.SendAsync([lead], _guard, default)));
            Assert.Equal(spy.Sent.Count, preview.Requests.Count);
            foreach (var ((method, path, body), planned) in spy.Sent.Zip(preview.Requests))
            {
                Assert.Equal((method, Hidden(path)), (planned.Method, planned.Path));
                Assert.Equal(WithoutIds(body), WithoutIds(planned.Body?.ToJsonString()));
            }

            Assert.DoesNotContain(Secret, string.Join(' ', preview.Requests), StringComparison.Ordinal);
        }
    }

    private string Hidden(string path) => path.Replace(Secret, "***", StringComparison.Ordinal);

    // Ids that the CRM gives are not known before: of the card in its task and its call, of the contact in the call.
    private static string? WithoutIds(string? body) => body is null ? null : System.Text.RegularExpressions.Regex.Replace(
        JsonNode.Parse(body)!.ToJsonString(), """("entity_id":|ownerId=|OWNER_ID]=|ENTITY_ID]=)\d+""", "$1N");

    private sealed class Spy : DelegatingHandler
    {
        public Spy() : base(CrmAccounts.CreateHandler()) { }

        public List<(string Method, string Path, string? Body)> Sent { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Sent.Add((request.Method.Method, Uri.UnescapeDataString(request.RequestUri!.PathAndQuery), request.Content is null ? null : await request.Content.ReadAsStringAsync(cancellationToken)));
            return await base.SendAsync(request, cancellationToken);
        }
    }
}
