// An authenticator app: { secret, seconds } in, the code of that moment out.
import { generate } from 'otplib';
import { answer, question } from './wire.mjs';

const { secret, seconds } = await question();
answer(await generate({ secret, epoch: seconds, algorithm: 'sha1', digits: 6, period: 30 }));
