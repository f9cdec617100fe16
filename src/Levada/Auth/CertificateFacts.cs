using System.Formats.Asn1;
using System.Globalization;
using System.Numerics;
using System.Security.Cryptography.X509Certificates;

namespace Levada.Auth;

/// <summary>What operators see of a client's certificate, in RabbitMQ's forms. The certificate is not kept.</summary>
/// <param name="Subject">As RFC 4514 writes it.</param>
/// <param name="Issuer">The same of who issued it.</param>
/// <param name="SerialNumber">Decimal.</param>
/// <param name="Validity">From when to when, in UTC.</param>
public sealed record CertificateFacts(string Subject, string Issuer, string SerialNumber, string Validity)
{
    /// <summary>Characters in memory.</summary>
    internal int Length => Subject.Length + Issuer.Length + SerialNumber.Length + Validity.Length;

    /// <param name="certificate">One that verified.</param>
    public static CertificateFacts Read(X509Certificate2 certificate) => new(
        NameOf(certificate.SubjectName), NameOf(certificate.IssuerName),
        new BigInteger(certificate.SerialNumberBytes.Span, isBigEndian: true).ToString(CultureInfo.InvariantCulture),
        string.Create(
            CultureInfo.InvariantCulture,
            $"{certificate.NotBefore.ToUniversalTime():s}Z - {certificate.NotAfter.ToUniversalTime():s}Z"));

    private static string NameOf(X500DistinguishedName name)
    {
        try
        {
            return DistinguishedName.TextOf(name);
        }
        catch (AsnContentException)
        {
            // What the runtime makes of it is more than nothing.
            return name.Name;
        }
    }
}
