using Levada.Auth;
using Levada.Exchanges;
using Levada.Queues;

namespace Levada.Catalog;

/// <summary>What the catalog is started with. What can be set may be changed while it runs.</summary>
public sealed record CatalogOptions
{
    /// <summary>Where its log is; made if missing.</summary>
    public required string Folder { get; init; }

    /// <summary>Whether the defaults are made where there is nothing; not if definitions are to be loaded.</summary>
    public bool MakesDefaults { get; init; } = true;

    /// <summary>Made when there is no catalog yet (<c>default_vhost</c>).</summary>
    public string DefaultVHost { get; init; } = "/";

    /// <summary>Made with it (<c>default_user</c>).</summary>
    public string DefaultUser { get; init; } = "guest";

    /// <summary>The default user's password (<c>default_pass</c>).</summary>
    public string DefaultPassword { get; init; } = "guest";

    /// <summary>Goes before <see cref="DefaultPassword"/> (<c>default_password_hash</c>).</summary>
    public PasswordHash? DefaultPasswordHash { get; init; }

    /// <summary>The default user's tags (<c>default_user_tags</c>).</summary>
    public IReadOnlyList<string> DefaultUserTags { get; init; } = ["administrator"];

    /// <summary>What the default user may do in the default virtual host (<c>default_permissions</c>).</summary>
    public Permissions DefaultPermissions { get; init; } = Permissions.All;

    /// <summary>Made beside it (<c>default_users</c>).</summary>
    public IReadOnlyList<DefaultUser> DefaultUsers { get; init; } = [];

    /// <summary>Of each virtual host from its beginning on (<c>default_limits</c>).</summary>
    public IReadOnlyList<NewVHostLimits> NewVHostLimits { get; init; } = [];

    /// <summary>The same (<c>default_policies</c>).</summary>
    public IReadOnlyList<NewVHostPolicy> NewVHostPolicies { get; init; } = [];

    /// <summary>
    /// Of durable queues that name none, in a virtual host that names none (<c>default_queue_type</c>).
    /// </summary>
    public QueueType DefaultQueueType { get; set; }

    /// <summary>Most queues of a virtual host without a limit of its own (<c>queue_max_per_vhost</c>).</summary>
    public int QueueMaxPerVHost { get; set; }

    /// <summary>
    /// Of x-consistent-hash exchanges that name no algorithm (<c>default_consistent_hash_algorithm</c>).
    /// </summary>
    public HashAlgorithm DefaultHashAlgorithm { get; set; }

    /// <summary>Most that x-cache-size may ask for (<c>deduplication_cache_max</c>).</summary>
    public int DeduplicationCacheMax { get; set; } = int.MaxValue;

    /// <summary>Most bytes that an x-recent-history exchange remembers (<c>recent_history_bytes</c>).</summary>
    public long RecentHistoryBytes { get; set; } = long.MaxValue;

    /// <summary>Told when a queue is refused for one of these limits.</summary>
    public Action QueueRefused { get; init; } = static () => { };
}
