// Signature Version 4 by aws4: { method, host, path, headers, key, secret, region, inAddress } in; the signed path, or the value of Authorization, out.
import aws4 from 'aws4';
import { answer, question } from './wire.mjs';

const { method, host, path, headers, key, secret, region, inAddress } = await question();
const signed = aws4.sign({ service: 's3', method, host, path, headers, region, signQuery: inAddress }, { accessKeyId: key, secretAccessKey: secret });
answer(inAddress ? signed.path : signed.headers.Authorization);
