// Peer B (docs/PROTOCOL.md, section 13): a member's client by Cloudflare's Privacy Pass, for our lab to talk to.
//     node peer_client.mjs URL BEARER CHALLENGE HEAD     redeems with an act; CHALLENGE and HEAD as base64, from the record
//     node peer_client.mjs URL BEARER CHALLENGE --pass   redeems at an origin that knows no acts (peer A); CHALLENGE may be "-"
//     … --batch N                                        asks for N passes in one request, of a lab whose quota is N
// It says each step on a line of its own and ends with status 0 when all were as they should be.
import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import {
    ANSWER, AuthorizationHeader, MODE, MediaType, PRIVATE_TOKEN_ISSUER_DIRECTORY, TOKEN_TYPES, Token, WWWAuthenticateHeader, ask, b64, b64u, bytes,
    genericBatched, publicVerif, same,
} from './peer.mjs';

const given = process.argv.slice(2);
const option = (name) => given.includes(name) ? given.splice(given.indexOf(name), 2)[1] : undefined;
const items = Number(option('--batch') ?? 0);
const passOnly = given.includes('--pass');
const [url, bearer, expected = '-', head = ''] = given;
const lab = new URL(url).host;
const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();

function step(name, answer, ...good) {
    const type = String(answer.headers['content-type'] ?? '');
    console.log(`${name}: ${answer.status} ${type}`);
    if (!good.includes(answer.status))
        throw new Error(`${name} came back with ${answer.status}, not ${good.join(' or ')}: ${answer.body.toString().slice(0, 400)}`);
    return answer;
}

function must(holds, sentence) {
    if (!holds)
        throw new Error(sentence);
}

// Objects with sorted keys, compact: canonical for the characters used here.
function canonical(value) {
    if (value === null || typeof value !== 'object')
        return JSON.stringify(value);
    return '{' + Object.keys(value).sort().map((key) => JSON.stringify(key) + ':' + canonical(value[key])).join(',') + '}';
}

function act(token, text) {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const object = {
        v: 1, kind: 'thread', lab, salt: b64(randomBytes(16)), pass: b64(sha256(token)), head, act: { room: 'board', text, title: '' },
        pk: b64(publicKey.export({ format: 'der', type: 'spki' }).subarray(-32)),
    };
    object.sig = b64(sign(null, Buffer.from('respite/act/v1\n' + canonical(object)), privateKey));
    return Buffer.from(canonical(object).padEnd(4096, ' '));
}

const redeem = (token, body) => ask(url + '/v1/acts', 'POST', {
    Accept: 'application/json', Authorization: `PrivateToken token="${b64u(token)}"`, 'Content-Type': 'application/json' }, body);

async function challenged() {
    const refused = step('bare act', await ask(url + '/v1/acts', 'POST', { Accept: 'application/json', 'Content-Type': 'application/json' },
        Buffer.alloc(4096, ' ')), 401);
    const [first] = WWWAuthenticateHeader.parse(refused.headers['www-authenticate']);
    must(first, 'the 401 names no PrivateToken');
    must(expected === '-' || same(first.challenge.serialize(), Buffer.from(expected, 'base64')), 'the challenge is not the one of the record');
    const found = step('directory', await ask(url + PRIVATE_TOKEN_ISSUER_DIRECTORY, 'GET', { Accept: MediaType.PRIVATE_TOKEN_ISSUER_DIRECTORY }), 200);
    must(found.headers['content-type'] === MediaType.PRIVATE_TOKEN_ISSUER_DIRECTORY, 'the directory has another type');
    const directory = JSON.parse(found.body.toString());
    must(directory['token-keys'].some((key) => key['token-type'] === 2 && same(Buffer.from(key['token-key'], 'base64url'), first.tokenKey)),
        'the directory does not name the key of the challenge');
    return { ...first, path: new URL(directory['issuer-request-uri'], url).href };
}

async function ordinary({ challenge, tokenKey, path }) {
    const client = new publicVerif.Client(MODE);
    const request = await client.createTokenRequest(challenge, tokenKey);
    const answer = step('pass', await ask(path, 'POST', { Accept: MediaType.PRIVATE_TOKEN_RESPONSE, Authorization: `Bearer ${bearer}`,
        'Content-Type': MediaType.PRIVATE_TOKEN_REQUEST }, Buffer.from(request.serialize())), 200);
    must(answer.headers['content-type'] === MediaType.PRIVATE_TOKEN_RESPONSE, 'the answer has another type');
    must(answer.body.length === ANSWER, `the answer has ${answer.body.length} bytes`);
    return [(await client.finalize(client.deserializeTokenResponse(bytes(answer.body)))).serialize()];
}

async function batch({ challenge, tokenKey, path }) {
    const clients = Array.from({ length: items }, () => new publicVerif.Client(MODE));
    const requests = [];
    for (const client of clients)
        requests.push(new genericBatched.TokenRequest(await client.createTokenRequest(challenge, tokenKey)));
    const answer = step('batch', await ask(path, 'POST', { Accept: MediaType.ARBITRARY_BATCHED_TOKEN_RESPONSE, Authorization: `Bearer ${bearer}`,
        'Content-Type': MediaType.ARBITRARY_BATCHED_TOKEN_REQUEST }, Buffer.from(new genericBatched.BatchedTokenRequest(requests).serialize())), 200);
    must(answer.headers['content-type'] === MediaType.ARBITRARY_BATCHED_TOKEN_RESPONSE, 'the answer has another type');
    const found = genericBatched.GenericBatchTokenResponse.deserialize(bytes(answer.body)).tokenResponses;
    must(found.length === items && found.every((one) => one.tokenResponse), 'the answer does not hold every pass');
    const tokens = [];
    for (const [i, client] of clients.entries())
        tokens.push((await client.finalize(found[i].tokenResponse)).serialize());
    return tokens;
}

function flipped(token) {
    const copy = Uint8Array.from(token);
    copy[200] ^= 1;
    return copy;
}

async function spendAtOrigin(token) {
    const nothing = Buffer.from('x');
    step('flipped pass', await redeem(flipped(token), nothing), 401);
    step('spent', await redeem(token, nothing), 200);
    step('spent again', await redeem(token, nothing), 401);
}

async function spendWithAct(token) {
    const item = act(token, 'From a client that nobody here wrote.');
    const wrong = flipped(token);
    step('flipped pass', await redeem(wrong, act(wrong, 'x')), 422);
    const first = step('spent', await redeem(token, item), 200);
    must(first.body.length === 1024, `the receipt has ${first.body.length} bytes`);
    must(/^[0-9a-f]{32}$/.test(JSON.parse(first.body.toString()).id), 'the receipt names no item');
    const again = step('spent again', await redeem(token, item), 200);
    must(same(first.body, again.body), 'the second receipt differs from the first');
    step('another item', await redeem(token, act(token, 'Another item.')), 409);
}

try {
    const found = await challenged();
    const tokens = await (items ? batch(found) : ordinary(found));
    for (const token of tokens) {
        must(token.length === 354 && AuthorizationHeader.parse(TOKEN_TYPES.BLIND_RSA, new AuthorizationHeader(Token.deserialize(
            TOKEN_TYPES.BLIND_RSA, bytes(token))).toString(true)).length === 1, 'the pass does not survive its own header');
        await (passOnly ? spendAtOrigin(token) : spendWithAct(token));
    }
    console.log('all as it should be');
} catch (e) {
    console.log(String(e.stack ?? e));
    process.exitCode = 1;
}
