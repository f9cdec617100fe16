using Levada.Journal;
using Levada.Platform;

namespace Levada.Storage;

/// <summary>
/// Two files that are written by turns, so that one whole checkpoint is always there. Written in place: neither a
/// rename nor the folder must be synced, and on a full disk the room is already theirs. One disk thread at a time.
/// </summary>
internal sealed class CheckpointFile(ShardFolder folder)
{
    private const long AllocateBytes = 64 << 10;
    private static readonly string[] Names = ["checkpoint-a", "checkpoint-b"];

    private IDiskFile? _file;
    private long _position;
    private uint _crc;

    /// <summary>Bytes of content so far.</summary>
    public long ContentBytes => _position - CheckpointHeader.Bytes;

    public uint ContentCrc => _crc;

    /// <summary>Opens the file that this number has its turn in.</summary>
    public void Begin(long number)
    {
        folder.Ensure();
        string path = folder.PathOf(Names[number % 2]);
        bool isNew = !folder.Disk.Exists(path);
        _file = folder.Disk.Open(path, DiskOpenMode.OpenOrCreate);
        if (isNew)
            folder.Disk.SyncFolder(folder.Path);
        _position = CheckpointHeader.Bytes;
        _crc = 0;
    }

    public void Append(ReadOnlySpan<byte> content)
    {
        long lacking = _position + content.Length - _file!.Length;
        if (lacking > 0)
            _file.Allocate(_file.Length, Math.Max(lacking, AllocateBytes));
        _file.Write(_position, content);
        _position += content.Length;
        _crc = Checksum.Of(content, ~_crc);
    }

    /// <summary>The header makes it count; on return it is on the disk.</summary>
    public void End(in CheckpointHeader header)
    {
        Span<byte> bytes = stackalloc byte[CheckpointHeader.Bytes];
        header.Write(bytes);
        _file!.Write(0, bytes);
        _file.Sync();
        Close();
    }

    public void Close()
    {
        _file?.Dispose();
        _file = null;
    }

    /// <summary>The newest whole checkpoint; null if there is none. Says what was wrong with others.</summary>
    public static (CheckpointHeader Header, byte[] Content)? Read(ShardFolder folder, int shard, List<Damage> faults)
    {
        (CheckpointHeader Header, byte[] Content)? best = null;
        foreach (string name in Names)
        {
            string path = folder.PathOf(name);
            if (!folder.Disk.Exists(path))
                continue;
            using IDiskFile file = folder.Disk.Open(path, DiskOpenMode.Existing);
            byte[] start = new byte[CheckpointHeader.Bytes];
            int read = file.Read(0, start);
            if (!CheckpointHeader.TryRead(start.AsSpan(0, read), out CheckpointHeader header))
            {
                faults.Add(new Damage(null, 0, $"{path}: not whole") { Part = new FilePart(path, 0, 0) });
                continue;
            }

            if (header.Shard != shard)
                throw new InvalidDataException($"{path} belongs to shard {header.Shard}, not to shard {shard}");
            if (best is { } other && other.Header.Number > header.Number)
                continue;
            byte[] content = new byte[Math.Clamp(header.ContentBytes, 0, Math.Max(0, file.Length - start.Length))];
            read = file.Read(start.Length, content);
            if (read == header.ContentBytes && Checksum.Of(content) == header.ContentCrc)
                best = (header, content);
            else
                faults.Add(new Damage(null, 0, $"{path}: its content is not whole")
                {
                    Part = new FilePart(path, 0, 0),
                });
        }

        return best;
    }
}
