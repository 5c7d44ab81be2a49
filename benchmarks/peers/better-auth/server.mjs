// The peer of ./bench identity. PORT and PGURL come from the bench; the tables are made at the start.
import { createServer } from 'node:http';
import { betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import { toNodeHandler } from 'better-auth/node';
import { bearer } from 'better-auth/plugins/bearer';
import pg from 'pg';

const port = Number(process.env.PORT);
const options = {
  baseURL: `http://127.0.0.1:${port}`,
  secret: 'a-secret-of-the-bench-alone-0123456789abcdef',
  database: new pg.Pool({ connectionString: process.env.PGURL, max: 10 }),
  emailAndPassword: { enabled: true },
  rateLimit: { enabled: false }, // the load comes from one address
  telemetry: { enabled: false },
  logger: { level: 'error' },
  plugins: [bearer()],
};
await (await getMigrations(options)).runMigrations();
const answer = toNodeHandler(betterAuth(options));
createServer((request, response) => (request.url === '/ready' ? response.end('ready') : answer(request, response))).listen(port, '127.0.0.1');
