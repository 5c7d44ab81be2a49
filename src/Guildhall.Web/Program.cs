return await Guildhall.Web.Host.Commands.Run(args);
