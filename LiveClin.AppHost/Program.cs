Console.WriteLine("LiveClin");
