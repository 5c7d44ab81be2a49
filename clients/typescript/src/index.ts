import createClient, { type Middleware } from "openapi-fetch";
import type { components, paths } from "./api.js";

export type { components, paths };

/** Something the API speaks of: `Schema<"BookingView">`. */
export type Schema<Name extends keyof components["schemas"]> = components["schemas"][Name];

/** A client of one Guildhall. Every path, parameter, body and answer is typed from its OpenAPI document; `error` is a problem with a stable `code`.
 *  A call that changes something gets an Idempotency-Key of its own unless you give one: give the same one when you repeat a call whose answer was lost.
 *  @param baseUrl such as https://guildhall.example
 *  @param token the access token to send; asked before each call, since it lasts ten minutes */
export function guildhall(baseUrl: string, token?: () => string | undefined) {
  const client = createClient<paths>({ baseUrl });
  const says: Middleware = {
    onRequest({ request }) {
      const held = token?.();
      if (held) request.headers.set("Authorization", `Bearer ${held}`);
      if (request.method !== "GET" && !request.headers.has("Idempotency-Key")) request.headers.set("Idempotency-Key", crypto.randomUUID());
      return request;
    },
  };
  client.use(says);
  return client;
}
