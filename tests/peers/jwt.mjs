// Another service that trusts our tokens: { jwks, token, issuer, audience, seconds } in; { kid, alg, sub } of a good token or { refused } out.
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { answer, question } from './wire.mjs';

const { jwks, token, issuer, audience, seconds } = await question();
try {
  const { payload, protectedHeader } = await jwtVerify(token, createRemoteJWKSet(new URL(jwks)), {
    issuer, audience, typ: 'at+jwt', currentDate: new Date(seconds * 1000), requiredClaims: ['sub', 'sid', 'exp', 'iat', 'jti'],
  });
  answer({ kid: protectedHeader.kid, alg: protectedHeader.alg, sub: payload.sub });
} catch (problem) {
  answer({ refused: problem.code ?? String(problem) });
}
