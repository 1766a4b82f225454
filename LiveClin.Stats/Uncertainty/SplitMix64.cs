namespace LiveClin.Stats.Uncertainty;

/// <summary>
/// A small generator whose streams can be begun anywhere, so that parallel work gives the same numbers on every machine:
/// G. L. Steele, D. Lea, C. H. Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
/// </summary>
internal struct SplitMix64(ulong seed)
{
    private const ulong Step = 0x9E3779B97F4A7C15;
    private ulong _state = seed;

    /// <summary>The generator of one resample: a stream of its own for each number.</summary>
    public static SplitMix64 ForStream(ulong seed, int stream)
    {
        var mixer = new SplitMix64(seed + ((ulong)stream * Step));
        return new SplitMix64(mixer.Next());
    }

    public ulong Next()
    {
        var z = _state += Step;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>Two numbers below <paramref name="bound"/> from one draw (Lemire's multiplication; the bias is below bound/2³²).</summary>
    public (int First, int Second) NextPair(int bound)
    {
        var bits = Next();
        return ((int)(((bits >> 32) * (ulong)bound) >> 32), (int)(((bits & 0xFFFFFFFF) * (ulong)bound) >> 32));
    }
}
