using System.Text.Json;
using Levada.Management.Api;
using Levada.Offline;
using Levada.Storage;

namespace Levada.Cli.Data;

/// <summary>
/// Writes messages as lines of JSON: virtual host and queue, and what the HTTP API shows of a message. A body that is
/// no text is in base64.
/// </summary>
internal sealed class MessageLines(Stream to) : IDisposable
{
    private const int BufferBytes = 1 << 20;

    private readonly MemoryStream _buffer = new();

    public long Count { get; private set; }

    public async Task WriteAsync(QueueContent queue, IReadOnlyList<SeenMessage> messages)
    {
        foreach (var message in messages)
        {
            Write(queue, message);
            if (_buffer.Length > BufferBytes)
                await FlushAsync();
        }
    }

    public async Task FlushAsync()
    {
        _buffer.Position = 0;
        await _buffer.CopyToAsync(to);
        await to.FlushAsync();
        _buffer.SetLength(0);
    }

    public void Dispose() => _buffer.Dispose();

    private void Write(QueueContent queue, SeenMessage message)
    {
        var shown = MessageReply.Of(message, isFetched: false, int.MaxValue, asText: true) with { Position = null };
        using (var json = new Utf8JsonWriter(_buffer))
        {
            json.WriteStartObject();
            json.WriteString("vhost", queue.VHost);
            // What waits for its time is in no queue yet.
            json.WriteString(queue.IsDelayed ? "delayed_by_exchange" : "queue", queue.Name);
            using var parts = JsonSerializer.SerializeToDocument(shown, ApiJson.Default.MessageReply);
            foreach (var property in parts.RootElement.EnumerateObject())
                property.WriteTo(json);
            json.WriteEndObject();
        }
        _buffer.WriteByte((byte)'\n');
        Count++;
    }
}
