namespace Levada.Management.Api;

/// <summary>The parts of a cipher suite, by the names that Erlang has for them, as RabbitMQ shows them.</summary>
/// <param name="KeyExchange">`any` where TLS 1.3 settles it apart.</param>
/// <param name="Cipher">Such as aes_256_gcm.</param>
/// <param name="Hash">`aead` where the cipher itself protects from changes.</param>
internal readonly record struct TlsSuite(string KeyExchange, string Cipher, string Hash)
{
    private const string Begin = "tls_";
    private const string With = "_with_";
    private const string Aead = "aead";

    /// <param name="name">As IANA has it: TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384.</param>
    public static TlsSuite Parse(string name)
    {
        name = name.ToLowerInvariant();
        if (name.StartsWith(Begin, StringComparison.Ordinal))
            name = name[Begin.Length..];
        var with = name.IndexOf(With, StringComparison.Ordinal);
        var exchange = with < 0 ? "any" : name[..with];
        var rest = with < 0 ? name : name[(with + With.Length)..];
        var last = rest.LastIndexOf('_');
        var hash = last > 0 && rest.AsSpan(last + 1).StartsWith("sha") ? rest[(last + 1)..] : "";
        var cipher = hash.Length > 0 ? rest[..last] : rest;
        var protects = cipher.Contains("_gcm", StringComparison.Ordinal)
            || cipher.Contains("_ccm", StringComparison.Ordinal)
            || cipher.EndsWith("_poly1305", StringComparison.Ordinal);
        return new TlsSuite(exchange, cipher, protects ? Aead : hash);
    }
}
