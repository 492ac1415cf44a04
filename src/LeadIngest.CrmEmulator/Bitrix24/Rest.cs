using System.Globalization;
using System.Text.Json;
using LeadIngest.CrmEmulator.Http;
using LeadIngest.CrmEmulator.Storage;

namespace LeadIngest.CrmEmulator.Bitrix24;

/// <summary>What a method gives back: the JSON under <c>result</c>, and for lists the total and the next start.</summary>
internal sealed record Reply(ReadOnlyMemory<byte> Result, int? Total = null, int? Next = null)
{
    public static Reply Of(Action<Utf8JsonWriter> write) => new(Json.Write(write));

    public static Reply Number(long number) => Of(w => w.WriteNumberValue(number));

    public static Reply True() => Of(w => w.WriteBooleanValue(true));

    /// <summary>PHP cannot tell an empty map from an empty list and writes the latter.</summary>
    public static Reply EmptyMap() => Of(WriteEmptyMap);

    public static void WriteEmptyMap(Utf8JsonWriter w)
    {
        w.WriteStartArray();
        w.WriteEndArray();
    }
}

/// <summary>A refusal in Bitrix24's words. The code may be a name, an empty string or a number.</summary>
internal sealed class RestException(int status, string code, string description, bool isNumber = false) : Exception(description)
{
    public int Status => status;

    public string Code => code;

    public static RestException Classic(string description) => new(400, "", description);

    public static RestException Missing(string parameter) => new(400, "100", $"Could not find value for parameter {{{parameter}}}", isNumber: true);

    public static RestException Numbered(string description) => new(400, "100", description, isNumber: true);

    public static RestException Argument(string description) => new(400, "INVALID_ARG_VALUE", description);

    public static RestException NoRight() => new(400, "ACCESS_DENIED", "Доступ запрещён");

    public static RestException NotFound() => new(400, "NOT_FOUND", "Элемент не найден");

    public static RestException BadValue(string field) => new(400, "CRM_FIELD_ERROR_VALUE_NOT_VALID", $"Неверное значение поля \"{field}\"");

    public void Write(Utf8JsonWriter w)
    {
        w.WriteStartObject();
        if (isNumber)
            w.WriteNumber("error", int.Parse(code, CultureInfo.InvariantCulture));
        else
            w.WriteString("error", code);
        w.WriteString("error_description", Message);
        w.WriteEndObject();
    }

    public Answer ToAnswer() => ToAnswer(status);

    public Answer ToAnswer(int asStatus) => Answer.Json(asStatus, Envelope.ContentType, Write);
}

/// <summary>How long a call took, and how much of the operating time its method has used.</summary>
internal readonly record struct Timing(DateTimeOffset Start, DateTimeOffset Finish, double? Operating, long ResetAt);

internal static class Envelope
{
    public const string ContentType = "application/json; charset=utf-8";

    /// <summary>The portal's own zone: every moment is written with this offset.</summary>
    public static readonly TimeSpan Zone = TimeSpan.FromHours(3);

    public static string Moment(DateTimeOffset moment) => moment.ToOffset(Zone).ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture);

    public static Answer Success(Reply reply, Timing timing) => Answer.Json(200, ContentType, w =>
    {
        w.WriteStartObject();
        w.WritePropertyName("result");
        w.WriteRawValue(reply.Result.Span, skipInputValidation: true);
        if (reply.Total is { } total)
            w.WriteNumber("total", total);
        if (reply.Next is { } next)
            w.WriteNumber("next", next);
        w.WritePropertyName("time");
        WriteTime(w, timing);
        w.WriteEndObject();
    });

    public static void WriteTime(Utf8JsonWriter w, Timing timing)
    {
        var duration = (timing.Finish - timing.Start).TotalSeconds;
        w.WriteStartObject();
        w.WriteNumber("start", timing.Start.ToUnixTimeMilliseconds() / 1000.0);
        w.WriteNumber("finish", timing.Finish.ToUnixTimeMilliseconds() / 1000.0);
        w.WriteNumber("duration", duration);
        w.WriteNumber("processing", duration);
        w.WriteString("date_start", Moment(timing.Start));
        w.WriteString("date_finish", Moment(timing.Finish));
        if (timing.Operating is { } operating)
        {
            w.WriteNumber("operating_reset_at", timing.ResetAt);
            w.WriteNumber("operating", operating);
        }
        w.WriteEndObject();
    }
}
