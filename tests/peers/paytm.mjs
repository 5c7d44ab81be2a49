// Paytm's own checksums: { make, key } in, a checksum out; { text, key, checksum } in, whether it holds. The text may be an object of form fields.
import paytm from 'paytmchecksum';
import { answer, question } from './wire.mjs';

const { make, text, key, checksum } = await question();
answer(make === undefined ? paytm.verifySignature(text, key, checksum) : await paytm.generateSignature(make, key));
