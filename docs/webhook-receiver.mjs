// Receives and verifies Guildhall's webhooks: WEBHOOK_SECRET=whsec_… node webhook-receiver.mjs 8080
import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';

const key = Buffer.from(process.env.WEBHOOK_SECRET.replace(/^whsec_/, ''), 'base64');
const seen = new Set(); // in earnest: a table with a unique column

function verified(headers, body) {
  const { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': signatures = '' } = headers;
  if (Math.abs(Date.now() / 1000 - Number(at)) > 300) return false;
  const mine = createHmac('sha256', key).update(`${id}.${at}.`).update(body).digest();
  return signatures.split(' ').filter((s) => s.startsWith('v1,')).some((s) => {
    const theirs = Buffer.from(s.slice(3), 'base64');
    return theirs.length === mine.length && timingSafeEqual(theirs, mine);
  });
}

createServer((request, response) => {
  const parts = [];
  request.on('data', (part) => parts.push(part)).on('end', () => {
    const body = Buffer.concat(parts);
    if (!verified(request.headers, body)) return response.writeHead(401).end();
    response.writeHead(204).end();
    if (seen.has(request.headers['webhook-id'])) return;
    seen.add(request.headers['webhook-id']);
    const { type, data } = JSON.parse(body);
    console.log(`${type} ${data.id} #${data.sequence}`);
  });
}).listen(Number(process.argv[2] ?? 8080), '127.0.0.1', () => console.log('listening'));
