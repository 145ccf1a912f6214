// The pages about the lab, with a real trial lab beside the node: joined by the page, then each page in both languages and both themes, narrow,
// by the keyboard alone, and as pictures when RESPITE_PICTURES names a folder.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { House, RESPITE, axe, check, freePort, same, sent, statusOf, tab, tabTo } from './house.mjs';

const PAGES = ['/lab', '/sees', '/sent', '/lab/leave', '/settings'];
const MONDAY = 1795392000; // 2026-11-23 00:00 UTC
const CLOCK = String(MONDAY + 10 * 3600);

// A trial lab in the folder of `house`, closed with it.
class Lab {
    constructor(house) {
        this.data = join(house.dir, 'lab');
        this.env = { ...house.env(), RESPITE_CLOCK: CLOCK };
    }

    run(...args) {
        const done = spawnSync(RESPITE, ['--data', this.data, ...args], { env: this.env });
        check(done.status === 0, `respite ${args.join(' ')}: ${done.stderr}`);
        return done.stdout.toString();
    }

    async start() {
        this.port = await freePort();
        this.run('lab', 'init', '--name', 'Vision Lab, Example University', '--by', 'Mara Lind', '--trial');
        this.process = spawn(RESPITE, ['--data', this.data, 'lab', 'serve', '--port', String(this.port), '--batch', '1'],
            { env: this.env, stdio: 'ignore' });
        for (let i = 0; i < 200; i++) {
            if (await statusOf(`http://127.0.0.1:${this.port}/v1/health`) === 204)
                return this;
            check(this.process.exitCode === null, 'the lab ended at once');
            await sleep(50);
        }
        throw new Error('the lab did not become ready');
    }

    invite(name) {
        return JSON.parse(this.run('lab', 'invite', name, '--json')).invites[0].url;
    }

    async stop() {
        if (this.process && this.process.exitCode === null) {
            const ended = new Promise(done => this.process.once('exit', done));
            this.process.kill('SIGTERM');
            await ended;
        }
    }
}

// A lab, a node and a tab; `work` gets them all, and everything is closed after it.
async function beside(lang, options, work) {
    const house = new House();
    const lab = new Lab(house);
    try {
        await lab.start();
        house.env = ((env) => () => ({ ...env, RESPITE_CLOCK: CLOCK }))(house.env());
        const node = await (await house.node('--lang', lang)).login();
        const page = await tab(node, options);
        await work({ house, lab, node, page });
        await page.leave();
    } finally {
        await lab.stop();
        await house.close();
    }
}

async function look(page, lab) {
    await page.open('/lab');
    await page.locator('#url').fill(lab.invite('Wei Zhang'));
    await sent(page, () => page.getByRole('button', { name: /^(Look|看一看)$/ }).click());
}

async function joinLab(page, lab) {
    await look(page, lab);
    await sent(page, () => page.getByRole('button', { name: /^(Join|加入)$/ }).click());
    check(new URL(page.url()).pathname === '/lab', `${page.url()}: ${await page.locator('main').innerText()}`);
}

const sideways = page => page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

async function shoot(page, name) {
    const folder = process.env.RESPITE_PICTURES;
    if (!folder)
        return;
    mkdirSync(folder, { recursive: true });
    await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}

const tests = {};
for (const lang of ['en', 'zh'])
    for (const colorScheme of ['light', 'dark'])
        tests[`axe finds nothing serious before, while and after joining (${lang}, ${colorScheme})`] = () =>
            beside(lang, { colorScheme, viewport: { width: 900, height: 1000 } }, async ({ lab, page }) => {
                const bad = [];
                const visit = async name => {
                    for (const fault of await axe(page))
                        bad.push(`${name}: ${fault}`);
                    await shoot(page, `${lang}-${colorScheme}-${name}`);
                };
                await page.open('/lab');
                await visit('lab-none');
                await page.open('/sees');
                await visit('sees-none');
                await look(page, lab);
                await visit('lab-join');
                await joinLab(page, lab);
                for (const path of PAGES) {
                    await page.open(path);
                    await visit(path.slice(1).replace('/', '-'));
                }
                same(bad, [], `${lang}, ${colorScheme}`);
            });

for (const lang of ['en', 'zh'])
    tests[`no page about the lab scrolls sideways at 320 px (${lang})`] = () => beside(lang, { viewport: { width: 320, height: 640 } }, async ({ lab, page }) => {
        const visit = async name => {
            const over = await sideways(page);
            check(over <= 0, `${name}: ${over} px too wide`);
            await shoot(page, `${lang}-narrow-${name}`);
        };
        await page.open('/lab');
        await visit('lab-none');
        await look(page, lab);
        await visit('lab-join');
        await joinLab(page, lab);
        for (const path of PAGES) {
            await page.open(path);
            await visit(path.slice(1).replace('/', '-'));
        }
    });

tests['a lab is joined, confirmed and left by the keyboard alone'] = () => beside('en', {}, async ({ lab, page }) => {
    const press = async wanted => {
        await tabTo(page, wanted);
        await sent(page, () => page.keyboard.press('Enter'));
    };
    await page.open('/');
    await press(/^Lab$/);
    await tabTo(page, /invitation/i);
    await page.keyboard.type(lab.invite('Wei Zhang'));
    await press(/^Look$/);
    await press(/^Join$/);
    await press(/^A colleague sees the same words$/);
    check(/Confirmed by: a colleague/.test(await page.locator('main').innerText()), 'not confirmed');
    await press(/^Leave$/);
    await press(/^Leave now$/);
    check(/You are not in a lab/.test(await page.locator('main').innerText()), await page.locator('main').innerText());
});

tests['Join and Not now weigh the same, and so do Leave now and Not now'] = () => beside('en', {}, async ({ lab, page }) => {
    const looks = async names => {
        const all = [];
        for (const name of names) {
            const e = page.locator('main').getByRole('button', { name, exact: true }).or(page.locator('main').getByRole('link', { name, exact: true }));
            all.push(await e.evaluate(b => {
                const s = getComputedStyle(b), r = b.getBoundingClientRect();
                return [Math.round(r.width), Math.round(r.height), s.fontSize, s.fontWeight, s.color, s.backgroundColor, s.borderColor].join(' ');
            }));
        }
        same(all[0], all[1], names.join(' and '));
    };
    await look(page, lab);
    await looks(['Join', 'Not now']);
    await joinLab(page, lab);
    await page.open('/lab/leave');
    await looks(['Leave now', 'Not now']);
});

tests['without script a lab is joined all the same'] = () => beside('en', { javaScriptEnabled: false }, async ({ lab, page }) => {
    await joinLab(page, lab);
    check(/This week's record in four words/.test(await page.locator('main').innerText()), 'no words');
});

// Until this program keeps a lab the file says so in its one test.
const hasLab = spawnSync(RESPITE, ['lab', 'serve', '-h']).status === 0 && spawnSync(RESPITE, ['join', '-h']).status === 0;
export default hasLab ? tests : { 'there is no lab to join in this program yet': () => {} };
