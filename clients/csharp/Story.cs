// Used by the tests: signs in, looks at what is on offer and at its bookings, by this client alone.
using System.Text.Json;
using Guildhall.Client;
using Guildhall.Client.Models;

string? token = null;
var client = Connect.To(new Uri(args[0]), () => token);
var signedIn = await client.Api.V1.Auth.SignIn.PostAsync(new SignInBody { Email = args[1], Password = args[2] });
token = signedIn!.AccessToken;
ListServicesPage? services = await client.Api.V1.Services.GetAsync();
var bookings = await client.Api.V1.Bookings.GetAsync();
var status = 0;
try { await client.Api.V1.Bookings["bkg_nothing"].GetAsync(); }
catch (Microsoft.Kiota.Abstractions.ApiException refused) { status = refused.ResponseStatusCode; }
Console.WriteLine(JsonSerializer.Serialize(new { services = services is not null, bookings = bookings is not null, status }));
