using LeadIngest.Core.Calls;

namespace LeadIngest.Api.Senders.Calls;

/// <summary>The way of every adapter whose webhook is a form or JSON: the body is read, then each call in it.</summary>
internal static class HookReader
{
    public static CallReading Read(CallRequest request, Func<HookFacts, CallReading> read)
    {
        if (!HookMessages.TryRead(request, out var items, out var unreadable)) return unreadable;
        if (items.Count == 1) return read(items[0]);
        var events = new List<CallEvent>();
        CallReading? other = null;
        foreach (var item in items)
            switch (read(item))
            {
                case CallReading.Events found:
                    events.AddRange(found.List);
                    break;
                case CallReading.Forbidden forbidden:
                    return forbidden;
                case var reading:
                    // A fault is worth more than a message of no use.
                    if (other is not CallReading.Unreadable) other = reading;
                    break;
            }
        if (events.Count == 0) return other!;
        // The whole body is kept with the events: what could not be read of it is not lost, only said.
        if (other is CallReading.Unreadable) events[0] = events[0] with { Warnings = [.. events[0].Warnings, "part_unreadable"] };
        return new CallReading.Events(events);
    }
}
