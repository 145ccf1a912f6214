// The board, with a real trial lab and eleven members beside the node: written, read, answered, searched by the keyboard alone; every page in both
// languages and themes and narrow; what others wrote stays text. Pictures when RESPITE_PICTURES names a folder.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { House, RESPITE, axe, check, freePort, same, sent, statusOf, tab, tabTo } from './house.mjs';


const CORPUS = ['<script>document.title = "owned"</script>', '<img src="http://127.0.0.1:9/pixel.png" onerror="document.title=\'owned\'">',
    '![a picture](http://127.0.0.1:9/pixel.png)', '[a link](javascript:alert(1))', '</p></article><h1>Respite</h1>', '<svg onload=alert(1)>',
    '"><iframe src="//127.0.0.1:9/"></iframe>', '&lt;b&gt; &amp; &#60;i&#62;', '<a href="https://example.org/">click</a>', '{n} {name} %s %n',
    'https://example.org/<script>alert(1)</script>', '@import url(http://127.0.0.1:9/x.css)'];

// The machine's own clock: a node compares it with the date that the lab's server answers with.
class World {
    constructor() {
        this.house = new House();
        const { RESPITE_CLOCK, ...env } = this.house.env();
        this.env = { ...env, TZ: 'UTC' };
        this.house.env = () => this.env;
        this.data = join(this.house.dir, 'lab');
    }

    run(...args) {
        const done = spawnSync(RESPITE, args, { env: this.env });
        check(done.status === 0, `respite ${args.join(' ')}: ${done.stderr}`);
        return done.stdout.toString();
    }

    as(member, ...args) {
        return this.run('--data', join(this.house.dir, member), ...args);
    }

    async start(lang, crowd = 10) {
        this.port = await freePort();
        this.run('--data', this.data, 'lab', 'init', '--name', 'Vision Lab', '--by', 'Mara Lind', '--trial');
        this.lab = spawn(RESPITE, ['--data', this.data, 'lab', 'serve', '--port', String(this.port), '--batch', '1'], { env: this.env, stdio: 'ignore' });
        for (let i = 0; i < 200 && await statusOf(`http://127.0.0.1:${this.port}/v1/health`) !== 204; i++)
            await sleep(50);
        const names = [...Array(crowd).keys()].map(i => `m${i}`);
        const invites = JSON.parse(this.run('--data', this.data, 'lab', 'invite', ...names, 'Wei Zhang', '--json')).invites;
        for (const [i, name] of names.entries())
            this.as(name, 'join', invites[i].url, '--yes');
        this.invitation = invites[crowd].url;
        this.node = await (await this.house.node('--lang', lang)).login();
        return this;
    }

    async close() {
        await this.house.close();
        if (this.lab && this.lab.exitCode === null) {
            const ended = new Promise(done => this.lab.once('exit', done));
            this.lab.kill('SIGTERM');
            await ended;
        }
    }
}

async function inside(lang, options, work, crowd = 10) {
    const world = new World();
    try {
        await world.start(lang, crowd);
        const page = await tab(world.node, options);
        await page.open('/lab');
        await page.locator('#url').fill(world.invitation);
        await sent(page, () => page.getByRole('button', { name: /^(Look|看一看)$/ }).click());
        await sent(page, () => page.getByRole('button', { name: /^(Join|加入)$/ }).click());
        await work({ world, page });
        await page.leave();
    } finally {
        await world.close();
    }
}

// Look now until the board holds `text`.
async function until(page, text, path = '/board') {
    for (let i = 0; i < 40; i++) {
        await page.open('/board');
        await sent(page, () => page.getByRole('button', { name: /^(Look now|现在看看)$/ }).click());
        await page.open(path);
        if ((await page.locator('main').innerText()).includes(text))
            return;
        await sleep(300);
    }
    throw new Error(`“${text}” never stood on ${path}: ${await page.locator('main').innerText()}`);
}

async function shoot(page, name) {
    const folder = process.env.RESPITE_PICTURES;
    if (!folder)
        return;
    mkdirSync(folder, { recursive: true });
    await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}

const SAID = { en: 'I have not told anyone that I am thinking of stopping.', zh: '我还没有告诉任何人，我在想要不要停下来。' };
const ANSWER = { en: 'You are not the only one. See https://example.org/rest?week=48 if you like.', zh: '不只是你一个人这样想。' };

// A board with two threads, answers and "me too"; one post is the node's own.
async function some(world, page, lang) {
    world.as('m0', 'post', '--now', '--room', lang === 'en' ? 'thesis' : '论文', SAID[lang]);
    world.as('m1', 'post', '--now', lang === 'en' ? 'Is the 20:00 sync really necessary?' : '晚上八点的会，真的需要吗？');
    await until(page, SAID[lang]);
    const id = (await page.locator('.board a').filter({ hasText: SAID[lang] }).getAttribute('href')).split('/')[2];
    for (const m of ['m2', 'm3', 'm4'])
        world.as(m, 'board', '--json');
    world.as('m2', 'post', '--now', '--reply', id, ANSWER[lang]);
    world.as('m3', 'post', '--now', '--metoo', id);
    world.as('m4', 'post', '--now', '--metoo', id);
    await page.open(`/write?reply=${id}`);
    await page.locator('#text').fill(lang === 'en' ? 'Neither am I.' : '我也没有。');
    await sent(page, () => page.getByRole('button', { name: /^(Post|发出)$/ }).click());
    await until(page, ANSWER[lang], `/board/${id}`);
    await until(page, lang === 'en' ? 'Neither am I.' : '我也没有。', `/board/${id}`);
    return id;
}

const tests = {};
for (const lang of ['en', 'zh'])
    tests[`axe finds nothing serious on the pages of the board, and none scrolls sideways (${lang})`] = () =>
        inside(lang, { viewport: { width: 900, height: 1000 } }, async ({ world, page }) => {
            const bad = [];
            await page.open('/board');
            await shoot(page, `${lang}-light-board-empty`);
            const id = await some(world, page, lang);
            await page.open('/write');
            await page.locator('#text').fill(lang === 'en' ? 'A note about the zyglotron ablation.' : '关于消融实验的一条笔记。');
            await sent(page, () => page.getByRole('button', { name: /^(Keep as a note for myself|只留给自己)$/ }).click());
            const own = await (async () => {
                await page.open(`/board/${id}`);
                return page.locator('a[href^="/board/back"]').first().getAttribute('href');
            })();
            for (const colorScheme of ['light', 'dark']) {
                await page.emulateMedia({ colorScheme });
                for (const [name, path] of [['board', '/board'], ['thread', `/board/${id}`], ['write', '/write'], ['answer', `/write?reply=${id}`],
                    ['mine', '/board/mine'], ['back', own], ['link', '/board/link?to=https%3A%2F%2Fexample.org%2Frest%3Fweek%3D48'], ['find', '/board?q=zzz']]) {
                    await page.setViewportSize({ width: 900, height: 1000 });
                    await page.open(path);
                    for (const fault of await axe(page))
                        bad.push(`${name}: ${fault}`);
                    await shoot(page, `${lang}-${colorScheme}-${name}`);
                    await page.setViewportSize({ width: 320, height: 640 });
                    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
                    if (over > 0)
                        bad.push(`${name}: ${over} px too wide`);
                    if (colorScheme === 'light')
                        await shoot(page, `${lang}-narrow-${name}`);
                }
                await page.setViewportSize({ width: 900, height: 1000 });
                await page.open('/write');
                await page.locator('#text').fill(lang === 'en' ? 'The zyglotron ablation, says Zhang.' : '关于消融实验的一条笔记，是 Zhang 写的。');
                await sent(page, () => page.getByRole('button', { name: /^(Compare with|和我自己的)/ }).click());
                await shoot(page, `${lang}-${colorScheme}-compared`);
                for (const fault of await axe(page))
                    bad.push(`compared: ${fault}`);
            }
            same(bad, [], lang);
        });

tests['a thread is begun, found, answered and taken back by the keyboard alone'] = () => inside('en', {}, async ({ page }) => {
    const press = async (wanted, key = 'Enter') => {
        await tabTo(page, wanted);
        await sent(page, () => page.keyboard.press(key));
    };
    await page.open('/');
    await press(/^Speak$/);
    await press(/^Write$/);
    /* locked until the record says that enough hold passes: on a busy machine a batch or two later */
    for (let i = 0; i < 40 && !(await page.getByRole('button', { name: 'Post', exact: true }).count()); i++) {
        await page.waitForTimeout(500);
        await page.reload();
    }
    await tabTo(page, /^Plain text/);
    await page.keyboard.type(SAID.en);
    await press(/^Post$/);
    check(/six words prove it|in the lab's record/.test(await page.locator('main').innerText()), await page.locator('main').innerText());
    await until(page, SAID.en);
    await tabTo(page, /^Search the posts/);
    await page.keyboard.type('thinking');
    await sent(page, () => page.keyboard.press('Enter'));
    await press(/thinking of stopping/);
    await press(/^Answer$/);
    await tabTo(page, /^Plain text/);
    await page.keyboard.type('To myself.');
    await press(/^Post$/);
    await page.open('/board');
    await press(/thinking of stopping/);
    await press(/^Take it back$/);
    await press(/^Take it back$/);
    check(/taking a post back/.test(await page.locator('main').innerText()), 'not under way');
});

tests['Post, Keep as a note and Not today stand there; declining is no smaller'] = () => inside('en', {}, async ({ world, page }) => {
    world.as('m0', 'post', '--now', SAID.en);
    await until(page, SAID.en);
    await page.open('/write');
    const sizes = [];
    for (const e of [page.getByRole('button', { name: 'Post', exact: true }), page.getByRole('button', { name: 'Keep as a note for myself' }),
        page.locator('main').getByRole('link', { name: 'Not today' })])
        sizes.push(await e.evaluate(b => { const r = b.getBoundingClientRect(); return `${Math.round(r.width)} ${Math.round(r.height)}`; }));
    same([...new Set(sizes)].length, 1, sizes.join(', '));
});

// ui/post_corpus_renders_inert: nothing that a post holds is markup, is fetched or runs; and the text is there as it was written.
tests['a corpus of hostile posts renders inert'] = () => inside('en', {}, async ({ world, page }) => {
    for (const [i, text] of CORPUS.entries())
        world.as(`m${i % 5}`, 'post', '--now', '--title', text.slice(0, 100), text);
    await until(page, CORPUS[CORPUS.length - 1]);
    await page.open('/board');
    const links = await page.locator('.board a').evaluateAll(all => all.map(a => a.getAttribute('href')));
    same(links.length, CORPUS.length, 'threads');
    const texts = [];
    for (const link of links) {
        check(/^\/board\/[0-9a-f]{32}$/.test(link), link);
        await page.open(link);
        check(await page.title() !== 'owned', 'a script ran');
        same(await page.locator('main :is(script, img, svg, iframe, b, i, style, object, embed)').count(), 0, `markup of a post: ${link}`);
        for (const a of await page.locator('article a').evaluateAll(all => all.map(a => a.getAttribute('href'))))
            check(/^\/board\//.test(a), `a post links to ${a}`);
        texts.push(await page.locator('article .said').first().innerText());
    }
    same(texts.sort(), [...CORPUS].sort(), 'texts');
});

tests['single keys: j and k move in the list, Enter opens, n writes, and in a field they are letters'] = () => inside('en', {}, async ({ world, page }) => {
    for (const text of ['The first of two.', 'The second of two.'])
        world.as('m0', 'post', '--now', text);
    await until(page, 'The first of two.');
    await until(page, 'The second of two.');
    const at = () => page.evaluate(() => document.activeElement.innerText);
    await page.keyboard.press('j');
    const first = await at();
    await page.keyboard.press('j');
    const second = await at();
    check(first !== second && /of two/.test(first) && /of two/.test(second), `${first}, ${second}`);
    await page.keyboard.press('j');
    same(await at(), second, 'the list ends');
    await page.keyboard.press('k');
    same(await at(), first, 'back');
    await sent(page, () => page.keyboard.press('Enter'));
    check(/^\/board\/[0-9a-f]{32}$/.test(new URL(page.url()).pathname), page.url());
    await sent(page, () => page.keyboard.press('n'));
    check(new URL(page.url()).pathname === '/write' && page.url().includes('reply='), page.url());
    await page.locator('#text').focus();
    await page.keyboard.type('njk?');
    same(await page.locator('#text').inputValue(), 'njk?', 'letters');
    await page.open('/board');
    await sent(page, () => page.keyboard.press('n'));
    same(new URL(page.url()).pathname + new URL(page.url()).search, '/write', 'a new thread');
});

tests['below the floor there is no way to post, and the reason stands there'] = () => inside('en', {}, async ({ page }) => {
    await page.open('/write');
    check(/Posts leave when 10 members hold this week's passes\. There are [0-9]\./.test(await page.locator('main').innerText()), 'no reason');
    same(await page.getByRole('button', { name: 'Post', exact: true }).count(), 0, 'Post');
    await shoot(page, 'en-light-locked');
    await page.open('/board');
    await shoot(page, 'en-light-board-locked');
}, 3);

const hasLab = spawnSync(RESPITE, ['lab', 'serve', '-h']).status === 0 && spawnSync(RESPITE, ['post', '-h']).status === 0;
export { hasLab, inside, shoot, tabTo, until };
export default hasLab ? tests : { 'there is no board in this program yet': () => {} };
