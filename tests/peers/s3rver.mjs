// A server of S3 with one empty bucket, on a free port until its standard input ends. Says where it is.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stdin } from 'node:process';
import S3rver from 's3rver';

const directory = mkdtempSync(join(tmpdir(), 'guildhall-s3rver-'));
const server = new S3rver({ port: 0, address: '127.0.0.1', silent: true, directory, configureBuckets: [{ name: 'guildhall-test' }] });
const { port } = await server.run();
console.log(`http://127.0.0.1:${port}`);
stdin.resume();
stdin.on('end', async () => {
    await server.close();
    rmSync(directory, { recursive: true, force: true });
    process.exit(0);
});
