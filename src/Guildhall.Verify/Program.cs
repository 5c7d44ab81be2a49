return await Guildhall.Verify.VerifyCommand.Run(args, Console.Out);
