Console.WriteLine("LiveClin benchmarks");
