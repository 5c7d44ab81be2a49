namespace Guildhall.Foundation.Data;

public static class Shim
{
    public static void Hint(this Transaction tx, string topic) { }
}
