// What every browser test stands on: a made repository, a running node (build/respite, or $RESPITE), a browser that is logged in.
// Chromium is the system's own; that it is missing is a failure. Times are fixed by RESPITE_CLOCK, as in test/flow/house.py.
import { spawn, execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
export const RESPITE = resolve(process.env.RESPITE || join(ROOT, 'build/respite'));
export const NOW = 1795089600; // Thursday 2026-11-19 12:00 UTC
export const DAY = 86400;
export const PICTURE = '/rest/hours'; // where the punch card stands
export const ME = 'wei@lab.example';
const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
const axeSource = () => readFileSync(join(ROOT, 'test/ui/node_modules/axe-core/axe.min.js'), 'utf8');

export function check(holds, what) {
    if (!holds)
        throw new Error(what);
}

export function same(got, want, what) {
    const a = JSON.stringify(got), b = JSON.stringify(want);
    if (a !== b)
        throw new Error(`${what}: ${a}, not ${b}`);
}

// A small random source with a seed: the same weeks in every run.
function chance(seed) {
    let s = seed >>> 0;
    return () => ((s = (Math.imul(s, 1664525) + 1013904223) >>> 0) / 4294967296);
}

// Commit times of somebody: mostly weekdays between 9 and 19, some evenings, some Sundays.
export function someWeeks(weeks, seed = 7) {
    const next = chance(seed), times = [];
    const monday = NOW - 3 * DAY - 12 * 3600 - 3600; // 00:00 in Berlin
    for (let day = -7 * weeks; day < 4; day++) {
        const weekday = ((day % 7) + 7) % 7;
        const some = weekday < 5 ? 2 + Math.floor(next() * 6) : next() < 0.4 ? 1 + Math.floor(next() * 3) : 0;
        for (let i = 0; i < some; i++) {
            const hour = next() < 0.2 ? 20 + Math.floor(next() * 4) : 9 + Math.floor(next() * 10);
            const at = monday + day * DAY + hour * 3600 + Math.floor(next() * 3600);
            if (at < NOW)
                times.push(at);
        }
    }
    return times.sort((a, b) => a - b);
}

export function makeRepo(path, times, mail = ME) {
    execFileSync('git', ['init', '-q', '-b', 'main', path]);
    const text = times.map(at => `commit refs/heads/main\nauthor Wei <${mail}> ${at} +0100\ncommitter Wei <${mail}> ${at} +0100\ndata 2\nx\n`);
    execFileSync('git', ['-C', path, 'fast-import', '--quiet'], { input: text.join('') });
}

// One temporary home with repositories in src/, and nodes on it.
export class House {
    constructor(repos = { 'attention-sinks': someWeeks(26), thesis: someWeeks(20, 99) }) {
        this.dir = mkdtempSync(join(tmpdir(), 'respite-ui-'));
        this.src = join(this.dir, 'src');
        mkdirSync(this.src);
        writeFileSync(join(this.dir, 'gitconfig'), `[user]\n\tname = Wei\n\temail = ${ME}\n`);
        for (const [name, times] of Object.entries(repos))
            makeRepo(join(this.src, name), times);
        this.nodes = [];
    }

    env() {
        return { PATH: process.env.PATH, HOME: this.dir, XDG_DATA_HOME: join(this.dir, 'xdg'), GIT_CONFIG_GLOBAL: join(this.dir, 'gitconfig'),
                 GIT_CONFIG_SYSTEM: '/dev/null', TZ: 'Europe/Berlin', LC_ALL: 'C.UTF-8', RESPITE_CLOCK: String(NOW) };
    }

    run(...args) {
        return execFileSync(RESPITE, args, { env: this.env(), cwd: this.src }).toString();
    }

    // Start a node and log in: {url, cookie, stop}. Options go before the folder.
    async node(...options) {
        const p = spawn(RESPITE, ['--port', '0', '--no-browser', ...options, this.src], { env: this.env(), cwd: this.src, stdio: ['ignore', 'pipe', 'pipe'] });
        let said = '', errors = '';
        p.stderr.on('data', d => (errors += d));
        const found = await new Promise((yes, no) => {
            p.stdout.on('data', d => {
                said += d;
                const m = /(http:\/\/127\.0\.0\.1:(\d+))\/\?key=(\S+)/.exec(said);
                if (m)
                    yes(m);
            });
            p.on('exit', code => no(new Error(`the node ended with ${code}: ${said}${errors}`)));
            p.on('error', no);
        });
        const node = { url: found[1], port: +found[2], key: found[3], p, said: () => said };
        node.stop = () => new Promise(done => {
            if (p.exitCode !== null || p.signalCode)
                return done();
            p.removeAllListeners('exit');
            p.on('exit', done);
            p.kill('SIGTERM');
        });
        node.login = async () => {
            const reply = await fetch(`${node.url}/?key=${node.key}`, { redirect: 'manual' });
            check(reply.status === 200, `the key was answered by ${reply.status}`);
            const [name, value] = reply.headers.get('set-cookie').split(';')[0].split('=');
            node.cookie = { name, value, domain: '127.0.0.1', path: '/', httpOnly: true, sameSite: 'Strict' };
            return node;
        };
        this.nodes.push(node);
        return node;
    }

    async close() {
        for (const node of this.nodes)
            await node.stop();
        rmSync(this.dir, { recursive: true, force: true });
    }
}

let shared = null;
export async function chrome() {
    check(CHROMIUM, 'there is no Chromium on this machine: tools/setup test installs it');
    shared ??= await chromium.launch({ executablePath: CHROMIUM,
        args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update',
               '--disable-sync', '--force-color-profile=srgb'] });
    return shared;
}

export async function closeChrome() {
    await shared?.close();
    shared = null;
}

// A tab of a browser that is logged in to `node`. It may speak to nobody else: any other request fails the test at close().
export async function tab(node, options = {}) {
    const browser = await chrome();
    const context = await browser.newContext({ viewport: { width: 1100, height: 900 }, ...options });
    if (node.cookie)
        await context.addCookies([node.cookie]);
    const page = await context.newPage();
    const foreign = [], faults = [];
    let leaving = false; // a page that is closed while it loads loses its cookie first, so that its script is refused it: 40x in plain words
    page.on('request', r => { if (!r.url().startsWith(node.url + '/') && !r.url().startsWith('data:')) foreign.push(r.url()); });
    page.on('pageerror', e => faults.push(String(e)));
    page.on('console', m => { if (!leaving && m.type() === 'error' && !/status of 40[0-9]|keys\.js' because its MIME type \('text\/plain'\)/.test(m.text())) faults.push(m.text()); });
    page.open = async path => {
        const reply = await page.goto(node.url + path);
        return reply;
    };
    page.leave = async () => {
        leaving = true;
        await context.close();
        same(foreign, [], 'the page asked other hosts');
        same(faults, [], 'the browser complained');
    };
    return page;
}

// Take the first page as it stands and come to the picture.
export async function picture(page) {
    await page.open('/');
    const go = page.getByRole('button', { name: /Show my last 12 weeks|看看我最近 12 周/ });
    if (await go.count())
        await sent(page, () => go.click());
    await untilPicture(page);
    check(await page.locator('main svg').count(), 'the picture never came');
}

// Do what sends a form, and wait for the page it leads to: going elsewhere at once would take the form back.
export async function sent(page, action) {
    await Promise.all([page.waitForNavigation(), action()]);
}

// Load the page of the punch card again until it is drawn.
export async function untilPicture(page) {
    await page.open(PICTURE);
    for (let i = 0; i < 100 && !(await page.locator('main svg').count()); i++) {
        await page.waitForTimeout(100);
        await page.open(PICTURE);
    }
}

// Paths of every page that links lead to from the present one.
export async function allPaths(page, node) {
    const seen = [], waiting = ['/'];
    while (waiting.length && seen.length < 60) {
        const path = waiting.shift();
        if (seen.includes(path))
            continue;
        const reply = await page.open(path);
        if (!(reply.headers()['content-type'] || '').startsWith('text/html'))
            continue;
        seen.push(path);
        const links = await page.$$eval('a[href]', all => all.map(a => a.href));
        for (const link of links) {
            const url = new URL(link.split('#')[0]);
            if (url.origin === node.url && !url.pathname.startsWith('/assets/'))
                waiting.push(url.pathname + url.search);
        }
    }
    return seen;
}

// Serious and critical findings of axe on the page as it is.
export async function axe(page) {
    await page.evaluate(axeSource());
    const found = await page.evaluate(async () => (await window.axe.run(document, { resultTypes: ['violations'] })).violations);
    return found.filter(v => v.impact === 'serious' || v.impact === 'critical')
        .map(v => `${v.id} (${v.impact}): ${v.nodes.slice(0, 3).map(n => n.target.join(' ') + ' ' + (n.any[0]?.message || '')).join('; ')}`);
}

export const freePort = () => new Promise((yes, no) => {
    const server = createServer().on('error', no).listen(0, '127.0.0.1', () => {
        const { port } = server.address();
        server.close(() => yes(port));
    });
});

// With no header but Host and Connection: a lab refuses any other.
export const statusOf = url => new Promise(yes => get(url, { agent: false }, reply => yes(reply.resume().statusCode)).on('error', () => yes(0)));

// Tab until `wanted` (an accessible name) has the focus, which must be seen.
export async function tabTo(page, wanted) {
    for (let i = 0; i < 80; i++) {
        await page.keyboard.press('Tab');
        const at = await page.evaluate(() => {
            const e = document.activeElement, s = getComputedStyle(e);
            return { name: (e.innerText || e.labels?.[0]?.innerText || e.value || '').trim(), ring: s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2 };
        });
        if (wanted.test(at.name)) {
            check(at.ring, `the focus on “${at.name}” is not seen`);
            return;
        }
    }
    throw new Error(`no way by Tab to ${wanted}`);
}
