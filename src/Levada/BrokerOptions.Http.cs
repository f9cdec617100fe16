namespace Levada;

/// <summary>The HTTP API.</summary>
public sealed partial class BrokerOptions
{
    /// <summary>Where the HTTP API listens with TLS; none unless configured.</summary>
    public IList<ListenerOptions> HttpsListeners { get; set; } = [];

    /// <summary>What it presents and asks for there; what is null is as for AMQP.</summary>
    public TlsOptions HttpTls { get; set; } = new();

    /// <summary>Pages of these sites may use the API from a browser (CORS); <c>*</c> is any, to read.</summary>
    public IReadOnlyList<string> CorsOrigins { get; set; } = [];

    /// <summary>How long a browser may remember that.</summary>
    public TimeSpan CorsMaxAge { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>The header Content-Security-Policy of every answer; empty for none.</summary>
    public string HttpContentSecurity { get; set; } = "";

    /// <summary>The header Strict-Transport-Security of answers over TLS; empty for none.</summary>
    public string HttpStrictTransport { get; set; } = "";

    /// <summary>Bytes of a request's body.</summary>
    public long HttpRequestMax { get; set; } = 32 << 20;

    /// <summary>HTTP connections at once; further ones are closed. 0 is no limit.</summary>
    public int HttpConnectionMax { get; set; } = 10_000;

    /// <summary>How long an HTTP connection may be without a request.</summary>
    public TimeSpan HttpIdleTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How long the head of a request may take to come.</summary>
    public TimeSpan HttpRequestTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Failed logins of one user from one address before further ones are held up; 0 is never.</summary>
    public int LoginFailuresMax { get; set; } = 10;

    /// <summary>For how long the first is held up; it doubles with each failure.</summary>
    public TimeSpan LoginDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest time that one is held up.</summary>
    public TimeSpan LoginDelayMax { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Logins are counted by address and user too.</summary>
    public bool TrackLoginSources { get; set; }

    /// <summary>Pairs of address and user, by protocol, that are counted then.</summary>
    public int LoginSourcesMax { get; set; } = 10_000;

    /// <summary>The HTTP API has TLS ports.</summary>
    public bool HasHttpTls => HttpsListeners.Count > 0;
}
