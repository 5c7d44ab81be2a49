// Used by the tests: signs in, looks at what is on offer and at its bookings, by this client alone. Its types are checked before it runs.
import { guildhall, type Schema } from "./index.js";

const [baseUrl, email, password] = process.argv.slice(2) as [string, string, string];
let token: string | undefined;
const client = guildhall(baseUrl, () => token);

const signedIn = await client.POST("/api/v1/auth/sign-in", { body: { email, password } });
if (!signedIn.data) throw new Error(JSON.stringify(signedIn.error));
token = signedIn.data.accessToken;

const services = await client.GET("/api/v1/services", { params: { query: {} } });
const first: Schema<"ListServicesPage"> | undefined = services.data;
const bookings = await client.GET("/api/v1/bookings", { params: { query: {} } });
const missing = await client.GET("/api/v1/bookings/{id}", { params: { path: { id: "bkg_nothing" } } });

// @ts-expect-error: there is no such path
void client.GET("/api/v1/nowhere");
// @ts-expect-error: a sign-in wants a password
void (() => client.POST("/api/v1/auth/sign-in", { body: { email } }));

console.log(JSON.stringify({ services: first !== undefined, bookings: bookings.data !== undefined, status: missing.response.status, problem: missing.error }));
