using Levada.Auth;
using Xunit;

namespace Levada.Tests.Auth;

public sealed class PasswordHashTests
{
    [Theory]
    // The example of RabbitMQ's guide to passwords: salt 908DC60A, password test12.
    [InlineData("kI3GCqW5JLMJa4iX1lo7X4D6XbYqlLgxIs30+P6tENUV2POR", PasswordHash.Sha256, "test12")]
    // Made with Python's hashlib: base64(salt + hash(salt + password)), salt 908DC60A.
    [InlineData(
        "kI3GChuNuIYf8lRbCCxZjgjKwsY19ns6+uFO0zcXRBGA/XGJPYD8OWMy7EB8TaOmAzjP2azv84GbINYwX2cDWb4DHnc=",
        PasswordHash.Sha512, "test12")]
    [InlineData("kI3GChNpte2FApYFXScl+0dIluk=", PasswordHash.Md5, "test12")]
    public void Verifies_what_RabbitMQ_stored(string base64, string algorithm, string password)
    {
        var hash = PasswordHash.Parse(base64, algorithm);
        Assert.True(PasswordHash.Verify(hash, System.Text.Encoding.UTF8.GetBytes(password)));
        Assert.False(PasswordHash.Verify(hash, "test13"u8));
        Assert.False(PasswordHash.Verify(hash, ""u8));
        Assert.Equal(base64, hash.Text);
    }

    // Made with crypt(3) of libxcrypt. What is beyond 72 octets does not count.
    [Theory]
    [InlineData("$2a$10$N9qo8uLOickgx2ZMRZoMyexkBaT5I4gabYxk4rPwhv2UnLMTNZsZ6", "test12", "test13")]
    [InlineData("$2b$04$abcdefghijklmnopqrstuuRYHuwq6VOVEg5t5gHn6M9LpGL5NoXYi", "sésame", "sesame")]
    [InlineData(
        "$2y$05$./ABCDEFGHIJKLMNOPQRSuvxDFs/bOl/BwTIj8dzP3ilxyWoGvKva",
        "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxyyyy",
        "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxyyyyy")]
    public void Verifies_what_LavinMQ_stored_by_bcrypt(string text, string password, string other)
    {
        var hash = PasswordHash.Parse(text, "Bcrypt");
        Assert.Equal((PasswordHash.Bcrypt, text), (hash.Algorithm, hash.Text));
        Assert.True(PasswordHash.Verify(hash, System.Text.Encoding.UTF8.GetBytes(password)));
        Assert.False(PasswordHash.Verify(hash, System.Text.Encoding.UTF8.GetBytes(other)));
        Assert.False(PasswordHash.Verify(hash, ""u8));
    }

    [Theory]
    [InlineData(PasswordHash.Sha256)]
    [InlineData(PasswordHash.Sha512)]
    [InlineData(PasswordHash.Md5)]
    public void A_new_hash_verifies_its_password_alone_and_has_its_own_salt(string algorithm)
    {
        var hash = PasswordHash.Create("sésame", algorithm);
        var again = PasswordHash.Parse(hash.Text, algorithm);
        Assert.True(PasswordHash.Verify(again, "sésame"u8));
        Assert.False(PasswordHash.Verify(again, "sesame"u8));
        Assert.NotEqual(hash.Text, PasswordHash.Create("sésame", algorithm).Text);
    }

    [Fact]
    public void The_empty_password_and_the_missing_hash_are_never_right()
    {
        Assert.False(PasswordHash.Verify(PasswordHash.Create(""), ""u8));
        Assert.False(PasswordHash.Verify(null, "x"u8));
    }

    [Theory]
    [InlineData("not base64!", PasswordHash.Sha256)]
    [InlineData("kI3GCg==", PasswordHash.Sha256)]
    [InlineData("kI3GCqW5JLMJa4iX1lo7X4D6XbYqlLgxIs30+P6tENUV2POR", PasswordHash.Md5)]
    [InlineData("kI3GCqW5JLMJa4iX1lo7X4D6XbYqlLgxIs30+P6tENUV2POR", "rabbit_password_hashing_rot13")]
    [InlineData("kI3GCqW5JLMJa4iX1lo7X4D6XbYqlLgxIs30+P6tENUV2POR", PasswordHash.Bcrypt)]
    // A login by it would take hours.
    [InlineData("$2a$31$N9qo8uLOickgx2ZMRZoMyexkBaT5I4gabYxk4rPwhv2UnLMTNZsZ6", PasswordHash.Bcrypt)]
    [InlineData("$2a$10$N9qo8uLOickgx2ZMRZoMyexkBaT5I4gabYxk4rPwhv2UnLMTNZsZ", PasswordHash.Bcrypt)]
    [InlineData("$2a$xx$N9qo8uLOickgx2ZMRZoMyexkBaT5I4gabYxk4rPwhv2UnLMTNZsZ6", PasswordHash.Bcrypt)]
    public void What_cannot_be_a_hash_is_refused(string base64, string algorithm) =>
        Assert.Throws<FormatException>(() => PasswordHash.Parse(base64, algorithm));
}
