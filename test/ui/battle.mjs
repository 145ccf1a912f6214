// A battle of the lab's arena, with a real trial lab and a server that stands in for its models: by the keyboard alone; no button of the vote
// before both answers, no name before the vote; every page of it in both languages and themes, and narrow. Pictures when RESPITE_PICTURES
// names a folder.
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { RESPITE, axe, check, same, sent, statusOf } from './house.mjs';
import { hasLab, inside, shoot, tabTo } from './board.mjs';

const PROMPT = { en: 'Explain attention sinks to a new student.', zh: '请向新来的同学解释 attention sink。' };
const SAYS = {
    north: { en: 'The first token takes the attention that belongs nowhere.\n\n- It holds no content.\n- Softmax has to put its weight somewhere.',
             zh: '第一个词会接住没有去处的注意力。\n\n- 它本身没有内容。\n- softmax 的权重总要落在某处。' },
    south: { en: '<b>Think of a drain</b>: what is not needed flows there. ' + 'It is a habit of training, not a fault. '.repeat(12),
             zh: '<b>可以想成排水口</b>：用不上的都流到那里。' + '这是训练留下的习惯，不是毛病。'.repeat(12) },
};

// A stream per answer; `hold` keeps answers back until it is let go.
class Models {
    constructor(lang) {
        this.lang = lang;
        this.held = [];
        this.server = createServer((req, res) => {
            let body = '';
            req.on('data', part => { body += part; });
            req.on('end', () => {
                const go = () => {
                    const text = SAYS[JSON.parse(body).model][this.lang];
                    res.writeHead(200, { 'Content-Type': 'text/event-stream' });
                    for (const word of text.split(/(?<= )/))
                        res.write(`data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: word }, finish_reason: null }] })}\n\n`);
                    res.end(`data: ${JSON.stringify({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] })}\n\ndata: [DONE]\n\n`);
                };
                if (this.hold)
                    this.held.push(go);
                else
                    go();
            });
        });
    }

    listen() {
        return new Promise(done => this.server.listen(0, '127.0.0.1', () => done(`http://127.0.0.1:${this.server.address().port}`)));
    }

    release() {
        this.hold = false;
        for (const go of this.held.splice(0))
            go();
    }
}

// The lab's models, and the lab started anew, since without any it may connect to nothing.
async function arena(world, lang, work) {
    const models = new Models(lang);
    const url = await models.listen();
    try {
        for (const name of ['north', 'south'])
            world.run('--data', world.data, 'lab', 'model', 'add', name, '--url', url);
        const ended = new Promise(done => world.lab.once('exit', done));
        world.lab.kill('SIGTERM');
        await ended;
        world.lab = spawn(RESPITE, ['--data', world.data, 'lab', 'serve', '--port', String(world.port), '--batch', '1'], { env: world.env, stdio: 'ignore' });
        for (let i = 0; i < 200 && await statusOf(`http://127.0.0.1:${world.port}/v1/health`) !== 204; i++)
            await sleep(50);
        await work(models);
    } finally {
        models.release();
        models.server.close();
    }
}

// Not World.as, which would hold up the models' server in this process.
function command(world, member, ...args) {
    const p = spawn(RESPITE, ['--data', join(world.house.dir, member), ...args], { env: world.env, stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    p.stderr.on('data', part => { said += part; });
    return new Promise((done, failed) => p.once('exit', status => status === 0 ? done() : failed(new Error(`respite ${args.join(' ')}: ${said}`))));
}

const text = page => page.locator('main').innerText();

// The node's record knows the models once it has looked.
async function open(page) {
    for (let i = 0; i < 40; i++) {
        await page.open('/board');
        await sent(page, () => page.getByRole('button', { name: /^(Look now|现在看看)$/ }).click());
        await page.open('/arena/battle');
        if (await page.locator('#text').count())
            return;
        await sleep(300);
    }
    throw new Error(`no prompt can be written: ${await text(page)}`);
}

const LOOK = /^(Look again|再看一次)$/;
async function ready(page) {
    for (let i = 0; i < 20 && !await page.locator('.answers').count(); i++) {
        await sent(page, () => page.getByRole('button', { name: LOOK }).click());
        await sleep(300);
    }
    check(await page.locator('.answers').count() === 1, await text(page));
}

// Whatever is on it, in both themes, wide and narrow.
async function looked(page, bad, name) {
    for (const colorScheme of ['light', 'dark']) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize({ width: 900, height: 1000 });
        for (const fault of await axe(page))
            bad.push(`${name}: ${fault}`);
        await shoot(page, `${name}-${colorScheme}`);
        await page.setViewportSize({ width: 320, height: 640 });
        const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
        if (over > 0)
            bad.push(`${name}: ${over} px too wide`);
    }
    await page.setViewportSize({ width: 900, height: 1000 });
}

const tests = {};
for (const lang of ['en', 'zh'])
    tests[`axe finds nothing serious on the pages of a battle and of its board, and none scrolls sideways (${lang})`] = () =>
        inside(lang, { viewport: { width: 900, height: 1000 } }, async ({ world, page }) => {
            const bad = [];
            await page.open('/arena/battle');
            await looked(page, bad, `${lang}-battle-none`);
            await page.open('/arena/lab');
            await looked(page, bad, `${lang}-arena-none`);
            await arena(world, lang, async models => {
                await open(page);
                await looked(page, bad, `${lang}-battle-ask`);
                models.hold = true;
                await page.locator('#text').fill(PROMPT[lang]);
                await sent(page, () => page.getByRole('button', { name: /^(Ask both now|现在就问两个模型)$/ }).click());
                await looked(page, bad, `${lang}-battle-waits`);
                check(await page.locator('button[name=vote]').count() === 0, 'no vote before both answers');
                models.release();
                await ready(page);
                await looked(page, bad, `${lang}-battle-ready`);
                same((await page.locator('button[name=vote], button[value=drop]').allInnerTexts()).join(' · '),
                     { en: 'Left · Right · Equally good · Neither · Not today', zh: '左边 · 右边 · 一样好 · 都不好 · 今天先不了' }[lang]);
                check(!/north|south/.test(await page.content()), 'no name before the vote');
                check((await text(page)).includes('<b>'), 'what a model writes stays text');
                await sent(page, () => page.getByRole('button', { name: /^(Equally good|一样好)$/ }).click());
                await looked(page, bad, `${lang}-battle-voted`);
                check(/north/.test(await text(page)) && /south/.test(await text(page)), await text(page));
                await Promise.all([...Array(10).keys()].map(async i => {
                    await command(world, `m${i}`, 'arena', 'battle', '--yes', PROMPT[lang]);
                    await command(world, `m${i}`, 'arena', 'battle', '--vote', ['left', 'right', 'equal'][i % 3]);
                }));
                await page.open('/arena/lab');
                for (let i = 0; i < 20 && !await page.locator('table').count(); i++) {
                    await sent(page, () => page.getByRole('button', { name: /^(Look now|现在看看)$/ }).click());
                    await sleep(300);
                }
                check(await page.locator('table').count() === 1, await text(page));
                await looked(page, bad, `${lang}-arena-board`);
            });
            same(bad, [], lang);
        });

tests['a battle is fought by the keyboard alone'] = () => inside('en', {}, async ({ world, page }) => {
    await arena(world, 'en', async () => {
        const press = async wanted => {
            await tabTo(page, wanted);
            await sent(page, () => page.keyboard.press('Enter'));
        };
        await open(page);
        await tabTo(page, /^Your prompt$/);
        await page.keyboard.type(PROMPT.en);
        await press(/^Ask both now$/);
        await ready(page);
        await press(/^Left$/);
        check((await text(page)).includes('Your vote: Left.'), await text(page));
        await press(/^Put it away$/);
        check(await page.locator('#text').count() === 1, await text(page));
    });
});

export default hasLab ? tests : { 'there is no arena of a lab in this program yet': () => {} };
