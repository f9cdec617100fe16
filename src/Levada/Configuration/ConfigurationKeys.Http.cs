namespace Levada.Configuration;

// Keys: the HTTP API, and who guesses passwords.
public static partial class ConfigurationKeys
{
    private static ConfigurationKey[] Http() =>
    [
        Also("port for HTTP with TLS",
            (o, s) => o.HttpsListeners = At(o.HttpsListeners, o.HttpListeners, s), [],
            "management.ssl.port", "mgmt.tls_port", "https.port") with
        {
            Show = o => ConfigurationText.Of(o.HttpsListeners),
        },
        Also("addresses for it, separated by commas",
            (o, s) => o.HttpsListeners = Rebound(o.HttpsListeners, ConfigurationValue.Addresses(s)),
            ["management.ssl.port"], "management.ssl.ip"),
        Live("PEM file with its certificate and those between it and the root",
            o => o.HttpTls.CertificateFile, (o, v) => o.HttpTls.CertificateFile = v, ConfigurationValue.Text,
            "management.ssl.certfile"),
        Live("PEM file with the private key of management.ssl.certfile",
            o => o.HttpTls.KeyFile, (o, v) => o.HttpTls.KeyFile = v, ConfigurationValue.Text,
            "management.ssl.keyfile"),
        Live("PEM file with the roots that HTTP clients' certificates must come from",
            o => o.HttpTls.CaFile, (o, v) => o.HttpTls.CaFile = v, ConfigurationValue.Text,
            "management.ssl.cacertfile"),
        Live("certificates of HTTP clients: verify_none, verify_peer (if they have one), or required",
            o => o.HttpTls.Clients, (o, v) => o.HttpTls.Clients = v, s => ConfigurationValue.Clients(s),
            "management.ssl.verify"),
        Also("true refuses HTTP clients without a certificate",
            (o, s) => o.HttpTls.Clients = Demand(o.HttpTls.Clients, s), ["management.ssl.verify"],
            "management.ssl.fail_if_no_peer_cert"),
        LiveList("TLS versions offered there: tlsv1.2, tlsv1.3",
            o => o.HttpTls.Versions, (o, v) => o.HttpTls.Versions = v, all => Versions(all),
            "management.ssl.versions.*"),
        LiveList("sites whose pages may use the API from a browser, as https://host:port; * is any, to read",
            o => o.CorsOrigins, (o, v) => o.CorsOrigins = v, Origins, "management.cors.allow_origins.*"),
        Live("seconds for which a browser may remember that",
            o => o.CorsMaxAge, (o, v) => o.CorsMaxAge = v, Seconds(0, 86_400), "management.cors.max_age") with
        {
            Show = o => ConfigurationText.Of((long)o.CorsMaxAge.TotalSeconds),
        },
        Live("header Content-Security-Policy of every answer",
            o => o.HttpContentSecurity, (o, v) => o.HttpContentSecurity = v, ConfigurationValue.Header,
            "management.csp.policy", "management.headers.content_security_policy"),
        Live("header Strict-Transport-Security of answers over TLS",
            o => o.HttpStrictTransport, (o, v) => o.HttpStrictTransport = v, ConfigurationValue.Header,
            "management.hsts.policy", "management.headers.strict_transport_security"),
        Key("bytes of a request's body over HTTP",
            o => o.HttpRequestMax, (o, v) => o.HttpRequestMax = v, Bytes(1 << 10, 1L << 40), "http_request_max"),
        Key("HTTP connections at once; further ones are closed; 0 is no limit",
            o => o.HttpConnectionMax, (o, v) => o.HttpConnectionMax = v, Count, "http_connection_max"),
        Key("milliseconds an HTTP connection may be without a request",
            o => o.HttpIdleTimeout, (o, v) => o.HttpIdleTimeout = v, Milliseconds(1_000, 86_400_000),
            "management.tcp.idle_timeout", "management.tcp.inactivity_timeout", "management.ssl.idle_timeout"),
        Key("milliseconds the head of a request may take to come",
            o => o.HttpRequestTimeout, (o, v) => o.HttpRequestTimeout = v, Milliseconds(1_000, 86_400_000),
            "management.tcp.request_timeout", "management.ssl.request_timeout"),
        Live("failed logins of one user from one address before further ones are held up; 0 is never",
            o => o.LoginFailuresMax, (o, v) => o.LoginFailuresMax = v, Number(0, 1_000_000), "login_failures_max"),
        Live("milliseconds for which the first is held up; it doubles with each failure",
            o => o.LoginDelay, (o, v) => o.LoginDelay = v, Milliseconds(1, 3_600_000), "login_delay"),
        Live("milliseconds for which one is held up at most",
            o => o.LoginDelayMax, (o, v) => o.LoginDelayMax = v, Milliseconds(1, 86_400_000), "login_delay_max"),
    ];
}
