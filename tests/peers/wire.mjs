// One question as JSON on standard input, one answer as JSON on standard output.
import { stdout } from 'node:process';
import { json } from 'node:stream/consumers';

export const question = () => json(process.stdin);
export const answer = said => stdout.write(JSON.stringify(said));
