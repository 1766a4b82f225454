namespace LiveClin.Core.Answers;

/// <summary>What became of a question. A failure is never a wrong answer.</summary>
public enum Outcome
{
    /// <summary>Not asked (yet), or skipped because an earlier question of its case failed.</summary>
    NotRun = 0,

    /// <summary>The extracted letter is the key.</summary>
    Correct = 1,

    /// <summary>The extracted letter is not the key.</summary>
    Wrong = 2,

    /// <summary>A complete reply in which no letter was found.</summary>
    Unparsed = 3,

    /// <summary>The reply ended at the token limit and no letter was found in it.</summary>
    Truncated = 4,

    /// <summary>The model declined to answer (the API's refusal field).</summary>
    Refused = 5,

    /// <summary>A content filter of the provider refused the request or the reply.</summary>
    Filtered = 6,

    /// <summary>No reply was obtained although all tries were used.</summary>
    Failed = 7,
}
