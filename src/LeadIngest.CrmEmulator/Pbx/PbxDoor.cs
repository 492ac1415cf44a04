using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using LeadIngest.CrmEmulator.Doors;
using LeadIngest.CrmEmulator.Storage;

namespace LeadIngest.CrmEmulator.Pbx;

/// <summary><c>POST /_act/pbx</c>: somebody calls; and the recordings that its events name.</summary>
internal static partial class PbxDoor
{
    private const int RingSeconds = 8;
    private const int MissedAfterSeconds = 25;
    private const int LongestSeconds = 24 * 3600;

    public static async Task<IResult> CallAsync(HttpContext http, PbxCalls pbx)
    {
        if (await DoorBody.ReadAsync(http) is not { } body)
            return Refuse("a JSON object is needed");
        var (order, error) = Read(body, pbx);
        return order is null
            ? Refuse(error!)
            : Results.Json(await pbx.MakeAsync(order, $"{http.Request.Scheme}://{http.Request.Host}/_pbx/records", http.RequestAborted));
    }

    /// <summary>A few seconds of a tone: something a player can play. Calls that were forgotten here, and those of the demo's past, have their recording too.</summary>
    public static IResult Record(string file) => RecordName().IsMatch(file) ? Results.Bytes(Tone.Sound, "audio/wav", enableRangeProcessing: true) : Results.NotFound();

    [GeneratedRegex(@"^(pbx-[0-9a-f]{16}|history-\d{1,9})\.wav$")]
    private static partial Regex RecordName();

    private static (PbxOrder? Order, string? Error) Read(JsonObject body, PbxCalls pbx)
    {
        if (!IsPhone(Json.Text(body["to"])))
            return (null, "to: the number dialled, such as +74951234567");
        if (body["from"] is not null && !IsPhone(Json.Text(body["from"])))
            return (null, "from: a phone number, or nothing to have one made up");
        if (Json.Text(body["outcome"]) is not (null or "answered" or "missed"))
            return (null, "outcome is one of answered, missed");
        var isAnswered = Json.Text(body["outcome"]) is not "missed";
        if (!Seconds(body["talkSeconds"], isAnswered ? 60 : 0, out var talk) || !Seconds(body["waitSeconds"], isAnswered ? RingSeconds : MissedAfterSeconds, out var wait))
            return (null, "talkSeconds and waitSeconds: whole seconds, 0 to 86400");
        if (!isAnswered && talk > 0)
            return (null, "talkSeconds: nobody talks in a missed call");
        if (body["recording"] is not null && Json.Text(body["recording"]) is not ("true" or "false"))
            return (null, "recording: true or false");
        var hasRecording = Json.Text(body["recording"]) is "true";
        if (hasRecording && !isAnswered)
            return (null, "recording: a missed call has none");
        if (!Uri.TryCreate(Json.Text(body["webhook"]) ?? pbx.Webhook, UriKind.Absolute, out var webhook) || webhook.Scheme is not ("http" or "https"))
            return (null, "webhook: an http(s) address is needed here or in the option pbx:webhook");
        // It rings now, and nobody wants to wait for its end: what came later is told with times to come.
        var at = pbx.Now;
        if (body["at"] is not null && !DateTimeOffset.TryParse(Json.Text(body["at"]), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out at))
            return (null, "at: when it began, such as 2026-03-02T09:30:00+03:00");
        return (new PbxOrder(Json.Text(body["to"])!, Json.Text(body["from"]) ?? MadeUp(), isAnswered, wait, talk, hasRecording, webhook, at), null);
    }

    private static bool IsPhone(string? text) => text is { Length: <= 40 } && Digits.LooksLikePhone(text) && Digits.Of(text).Length is >= 3 and <= 15;

    private static bool Seconds(JsonNode? node, int otherwise, out int seconds)
    {
        seconds = otherwise;
        if (node is null)
            return true;
        if (Json.Integer(node) is not (>= 0 and <= LongestSeconds and var given))
            return false;
        seconds = (int)given;
        return true;
    }

    /// <summary>Looks like a mobile number.</summary>
    private static string MadeUp() => $"+7900000{RandomNumberGenerator.GetInt32(10_000):0000}";

    private static IResult Refuse(string why) => Results.Json(new { error = why }, statusCode: 400);
}

/// <summary>A sound file made of nothing.</summary>
internal static class Tone
{
    private const int Rate = 8_000;
    private const int Samples = 4 * Rate;

    /// <summary>Two tones by turns, as a telephone's.</summary>
    private static readonly int[] Hertz = [440, 350];

    public static byte[] Sound { get; } = Wav();

    private static byte[] Wav()
    {
        using var file = new MemoryStream(44 + Samples);
        using var w = new BinaryWriter(file);
        w.Write("RIFF"u8);
        w.Write(36 + Samples);
        w.Write("WAVEfmt "u8);
        w.Write(16);
        // Plain samples, one channel, a byte each.
        w.Write((short)1);
        w.Write((short)1);
        w.Write(Rate);
        w.Write(Rate);
        w.Write((short)1);
        w.Write((short)8);
        w.Write("data"u8);
        w.Write(Samples);
        for (var i = 0; i < Samples; i++)
            w.Write((byte)(128 + 40 * Math.Sin(2 * Math.PI * Hertz[i / (Rate / 2) % 2] * i / Rate)));
        w.Flush();
        return file.ToArray();
    }
}
