// What both peers say and expect alike: the library, its media types, and one bare HTTP request with the headers that are named and no other.
import http from 'node:http';
import { webcrypto } from 'node:crypto';

// The library asks for a global `crypto`, which Node.js 18 keeps behind an option.
globalThis.crypto ??= webcrypto;
const lib = await import('@cloudflare/privacypass-ts');

export const { AuthorizationHeader, MediaType, PRIVATE_TOKEN_ISSUER_DIRECTORY, TOKEN_TYPES, Token, TokenChallenge, WWWAuthenticateHeader,
    genericBatched, publicVerif } = lib;
export const MODE = publicVerif.BlindRSAMode.PSS;
export const ORDINARY = 259, ANSWER = 256;

// A copy with a buffer of its own: deserialize() of the library does not look at byteOffset.
export const bytes = (buffer) => Uint8Array.from(buffer);
export const b64 = (buffer) => Buffer.from(buffer).toString('base64');
export const b64u = (buffer) => b64(buffer).replaceAll('+', '-').replaceAll('/', '_');
export const same = (a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)) === 0;

export function ask(url, method, headers = {}, body = undefined) {
    const { host } = new URL(url);
    const all = { Host: host, 'User-Agent': 'respite', ...headers, ...(body && { 'Content-Length': body.length }), Connection: 'close' };
    return new Promise((yes, no) => {
        const request = http.request(url, { method, headers: all, agent: false, setHost: false }, (answer) => {
            const parts = [];
            answer.on('data', (part) => parts.push(part));
            answer.on('end', () => yes({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(parts) }));
            answer.on('error', no);
        });
        request.on('error', no);
        request.end(body);
    });
}
