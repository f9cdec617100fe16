using System.Text;

namespace Levada.Catalog;

/// <summary>
/// Which shard a new queue goes to: FNV-1a over virtual host and name, mixed once more. It never changes; still, the
/// shard is stored with the queue.
/// </summary>
internal static class ShardHash
{
    public static int Of(string vhost, string name, int shards)
    {
        var hash = Add(14695981039346656037, vhost);
        hash = Add(hash * Prime, name);
        hash ^= hash >> 32;
        hash *= 0xD6E8FEB86659FD93;
        hash ^= hash >> 32;
        return (int)(hash % (ulong)shards);
    }

    private const ulong Prime = 1099511628211;

    private static ulong Add(ulong hash, string text)
    {
        foreach (var octet in Encoding.UTF8.GetBytes(text))
            hash = (hash ^ octet) * Prime;
        return hash;
    }
}
