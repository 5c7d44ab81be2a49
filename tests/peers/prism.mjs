// A strict mock of the API that a description (specs/<name>.json) tells of, on a free port until its standard input ends. Says where it is.
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { argv, execPath, stdin } from 'node:process';

const free = await new Promise(found => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
        const { port } = probe.address();
        probe.close(() => found(port));
    });
});
const cli = fileURLToPath(import.meta.resolve('@stoplight/prism-cli/dist/index.js'));
const mock = spawn(execPath, [cli, 'mock', '-h', '127.0.0.1', '-p', String(free), argv[2]], { stdio: ['ignore', 'pipe', 'inherit'] });
let said = '';
mock.stdout.on('data', text => {
    if (said === null) return;
    said += text;
    if (!said.includes('is listening')) return;
    said = null;
    console.log(`http://127.0.0.1:${free}`);
});
mock.on('exit', code => process.exit(code ?? 1));
stdin.resume();
stdin.on('end', () => mock.kill('SIGKILL'));
