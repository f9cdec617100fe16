using System.Text;
using Levada.Protocol;
using static Levada.Tests.Simulation.Invariant;

namespace Levada.Tests.Simulation;

/// <summary>Header and body frames behind a deliver, get-ok or return.</summary>
internal sealed partial class SimulatedChannel
{
    public void HandleHeader(ReadOnlySpan<byte> payload)
    {
        if (_content is not { Message: null } content
            || !ContentHeader.TryRead(payload, out var header) || header.ClassId != 60
            || !BasicPropertiesReader.TryRead(header.Properties, out var properties))
        {
            throw Failure(S1_frames_are_well_formed, "a content header");
        }
        var message = World.Ledger.Find(Encoding.UTF8.GetString(properties.MessageId));
        if (header.BodySize != (ulong)message.BodyLength || content.Exchange != message.Exchange
            || content.Key != message.Key || properties.DeliveryMode != (message.Persistent ? 2 : 1))
        {
            throw Failure(S1_frames_are_well_formed, $"{message} comes with another header");
        }
        content.Message = message;
        if (message.BodyLength == 0)
            Complete(content, message);
    }

    public void HandleBody(ReadOnlySpan<byte> payload)
    {
        if (_content is not { Message: { } message } content
            || payload.Length > message.BodyLength - content.Received || payload.IsEmpty)
        {
            throw Failure(S1_frames_are_well_formed, $"body frame of {payload.Length} octets");
        }
        foreach (var octet in payload)
        {
            if (octet != message.Filler(content.Received++))
                throw Failure(S1_frames_are_well_formed, $"{message} comes with another body");
        }
        if (content.Received == message.BodyLength)
            Complete(content, message);
    }

    private void Complete(Content content, Message message)
    {
        _content = null;
        content.Done(message);
    }

    private sealed class Content(string exchange, string key, Action<Message> done)
    {
        public string Exchange => exchange;

        public string Key => key;

        public Action<Message> Done => done;

        /// <summary>Null until the header has come.</summary>
        public Message? Message { get; set; }

        public int Received { get; set; }
    }
}
