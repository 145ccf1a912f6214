// Peer A (docs/PROTOCOL.md, section 13): an issuer and origin by Cloudflare's Privacy Pass, for our node to talk to.
//     node peer_server.mjs PORT [NAME]   0: a free port; prints "ready http://127.0.0.1:PORT" and the key as base64. NAME: what issuer
//                                        and origin are called in the challenge, when a lab stands before them
// The library's issuer looks at neither size nor key byte and never says 422, so this does. One pass takes it 0.45 s.
import http from 'node:http';
import {
    AuthorizationHeader, MODE, MediaType, ORDINARY, PRIVATE_TOKEN_ISSUER_DIRECTORY, TOKEN_TYPES, WWWAuthenticateHeader, b64, b64u, bytes,
    genericBatched, publicVerif, same,
} from './peer.mjs';

const algorithm = { name: 'RSA-PSS', modulusLength: 2048, publicExponent: Uint8Array.from([1, 0, 1]) };
const { privateKey, publicKey } = await publicVerif.Issuer.generateKey(MODE, algorithm);
const spki = await publicVerif.getPublicKeyBytes(publicKey);
const modulus = BigInt('0x' + Buffer.from((await crypto.subtle.exportKey('jwk', publicKey)).n, 'base64url').toString('hex'));
const seen = new Set();
let issuer, origin, challenge, digest, keyByte;

const say = (status, body = '', type = 'text/plain', more = {}) => ({ status, body, headers: { 'Content-Type': type, ...more } });
const needs = () => say(401, '', 'text/plain', { 'WWW-Authenticate': new WWWAuthenticateHeader(challenge, spki).toString(true) });

function directory() {
    const keys = [{ 'token-type': 2, 'token-key': b64u(spki) }];
    return say(200, JSON.stringify({ 'issuer-request-uri': '/token-request', 'token-keys': keys }), MediaType.PRIVATE_TOKEN_ISSUER_DIRECTORY);
}

// Of one request of type 2: our key, and a message below its modulus.
function good(request) {
    return request.tokenType === 2 && request.truncatedTokenKeyId === keyByte &&
        BigInt('0x' + Buffer.from(request.blindedMsg ?? request.blindMsg).toString('hex')) < modulus;
}

async function issue(type, body) {
    if (type === MediaType.PRIVATE_TOKEN_REQUEST && body.length === ORDINARY) {
        const request = publicVerif.TokenRequest.deserialize(TOKEN_TYPES.BLIND_RSA, bytes(body));
        if (good(request))
            return say(200, (await issuer.issue(request)).serialize(), MediaType.PRIVATE_TOKEN_RESPONSE);
    } else if (type === MediaType.ARBITRARY_BATCHED_TOKEN_REQUEST && body.length <= 16580) {
        const batch = genericBatched.BatchedTokenRequest.deserialize(bytes(body));
        const requests = [...batch];
        if (requests.length > 0 && requests.every(good)) {
            const answers = [];
            for (const request of requests)
                answers.push(new genericBatched.OptionalTokenResponse(2, await issuer.issue(new publicVerif.TokenRequest(
                    request.truncatedTokenKeyId, request.blindMsg, TOKEN_TYPES.BLIND_RSA))));
            return say(200, new genericBatched.GenericBatchTokenResponse(answers).serialize(), MediaType.ARBITRARY_BATCHED_TOKEN_RESPONSE);
        }
    }
    return say(422, 'this is no request for a pass of this issuer');
}

async function redeem(header) {
    if (!header)
        return needs();
    const [first] = AuthorizationHeader.parse(TOKEN_TYPES.BLIND_RSA, header);
    if (!first)
        return needs();
    const nonce = b64(first.token.authInput.nonce);
    if (!same(first.token.authInput.challengeDigest, digest) || seen.has(nonce) || !await origin.verify(first.token, publicKey))
        return needs();
    seen.add(nonce);
    return say(200, 'ok');
}

function answer(request, body) {
    if (request.method === 'GET' && request.url === PRIVATE_TOKEN_ISSUER_DIRECTORY)
        return directory();
    if (request.method === 'POST' && request.url === '/token-request')
        return issue(request.headers['content-type'], body);
    return redeem(request.headers.authorization);
}

const server = http.createServer((request, reply) => {
    const parts = [];
    request.on('data', (part) => parts.push(part));
    request.on('end', async () => {
        let said;
        try {
            said = await answer(request, Buffer.concat(parts));
        } catch (e) {
            said = say(400, String(e.message));
        }
        reply.writeHead(said.status, { ...said.headers, Connection: 'close' });
        reply.end(said.body);
    });
});
server.listen(Number(process.argv[2] ?? 0), '127.0.0.1', async () => {
    const address = `127.0.0.1:${server.address().port}`;
    const name = process.argv[3] ?? address;
    issuer = new publicVerif.Issuer(MODE, name, privateKey, publicKey);
    origin = new publicVerif.Origin(MODE, [name]);
    challenge = origin.createTokenChallenge(name, new Uint8Array(0));
    digest = new Uint8Array(await crypto.subtle.digest('SHA-256', challenge.serialize()));
    keyByte = (await issuer.tokenKeyID()).at(-1);
    console.log(`ready http://${address}\n${b64(spki)}`);
});
process.on('SIGTERM', () => process.exit(0));
