// Circles, with a real trial lab: opened, asked for and talked in on the pages and by the keyboard alone; every page in both languages and
// themes, and narrow. Pictures when RESPITE_PICTURES names a folder.
import { check, axe, same, sent } from './house.mjs';
import { hasLab, inside, shoot, tabTo } from './board.mjs';
import { desk, moderator } from './moderation.mjs';

const THEME = { en: 'first paper rejected', zh: '第一篇论文被拒' };
const LINE = { en: 'For whoever got one back.', zh: '给收到退稿的人。' };
const ASKED = { en: 'Mine came back on Monday.', zh: '我的是周一退回来的。' };
const SAID = { en: 'It was my first one, and I have not told my supervisor yet.', zh: '这是我的第一篇，还没告诉导师。' };
const ANSWER = { en: 'I told mine after a week. Nothing happened.', zh: '我过了一周才说。什么事也没有。' };

const json = (world, member, ...args) => JSON.parse(world.as(member, 'circles', ...args, '--json'));

// What the member's own computer says, once it holds.
function until(world, member, holds, ...args) {
    let found;
    for (let i = 0; i < 60; i++) {
        found = json(world, member, '--look', ...args);
        if (holds(found))
            return found;
    }
    throw new Error(`it never came to ${member}: ${JSON.stringify(found)}`);
}

async function look(page, text, path = '/circles') {
    for (let i = 0; i < 60; i++) {
        await page.open('/circles');
        await sent(page, () => page.getByRole('button', { name: /^(Look now|现在看看)$/ }).click());
        await page.open(path);
        if ((await page.locator('main').innerText()).includes(text))
            return;
    }
    throw new Error(`“${text}” never stood on ${path}: ${await page.locator('main').innerText()}`);
}

// m0 opens a circle, m1 is in.
function begin(world, lang) {
    world.as('m0', 'circles', '--now', '--theme', THEME[lang], LINE[lang]);
    const id = until(world, 'm0', x => x.circles.some(c => c.place === 'in')).circles[0].id;
    enter(world, 'm1', id, ['m0'], '');
    return id;
}

function enter(world, who, id, inside_, line) {
    until(world, who, x => x.circles.some(c => c.id === id));
    world.as(who, 'circles', id, '--now', '--join', line);
    const { asks } = until(world, who, x => x.place === 'asked', id);
    yes(world, id, asks.find(a => a.own).name, inside_);
    until(world, who, x => x.place === 'in', id);
}

function yes(world, id, name, inside_) {
    for (const one of inside_) {
        until(world, one, x => x.asks.some(a => a.name === name), id);
        world.as(one, 'circles', id, '--now', '--say-yes', name);
    }
}

const tests = {};
for (const lang of ['en', 'zh'])
    tests[`axe finds nothing serious on the pages of circles, and none scrolls sideways (${lang})`] = () =>
        inside(lang, { viewport: { width: 900, height: 1000 } }, async ({ world, page }) => {
            const bad = [];
            const views = async (suffix, list) => {
                for (const colorScheme of ['light', 'dark']) {
                    await page.emulateMedia({ colorScheme });
                    for (const [name, path] of list) {
                        await page.setViewportSize({ width: 900, height: 1000 });
                        await page.open(path);
                        for (const fault of await axe(page))
                            bad.push(`${name}${suffix}: ${fault}`);
                        await shoot(page, `${lang}-${colorScheme}-${name}${suffix}`);
                        await page.setViewportSize({ width: 320, height: 640 });
                        const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
                        if (over > 0)
                            bad.push(`${name}${suffix}: ${over} px too wide`);
                    }
                }
            };
            await views('-empty', [['circles', '/circles'], ['circle-open', '/circles/open']]);
            const id = begin(world, lang), one = `/circles/${id}`;
            await look(page, THEME[lang]);
            await views('-outside', [['circles', '/circles'], ['circle', one]]);
            await page.open(one);
            await page.locator('#line').fill(ASKED[lang]);
            await sent(page, () => page.getByRole('button', { name: /^(Ask|申请)$/ }).click());
            await look(page, lang === 'en' ? 'Those who are in can say yes.' : '组里的人可以点头。', one);
            const asked = until(world, 'm0', x => x.asks.length === 1, id);
            same(asked.asks[0].line, ASKED[lang]);
            yes(world, id, asked.asks[0].name, ['m0', 'm1']);
            await look(page, lang === 'en' ? 'You are in.' : '你在组里。', one);
            until(world, 'm2', x => x.circles.some(c => c.id === id));
            world.as('m2', 'circles', id, '--now', '--join', ASKED[lang]);
            until(world, 'm0', x => x.members === 3, id);
            world.as('m0', 'circles', id, '--now', ANSWER[lang]);
            world.as('m0', 'circles', id, '--now', '--meet', '2027-01-06 15:00', '--every', '2', '--times', '3');
            await look(page, ANSWER[lang], one);
            await look(page, '15:00', one);
            await page.open(one);
            await page.locator('#text').fill(SAID[lang]);
            await sent(page, () => page.getByRole('button', { name: /^(Send|发出)$/ }).click());
            until(world, 'm1', x => x.letters.some(l => l.text === SAID[lang]), id);
            await views('', [['circles', '/circles'], ['circle', one]]);
            same(bad, [], lang);
        });

tests['a circle is opened, and somebody let in, by the keyboard alone'] = () => inside('en', {}, async ({ world, page }) => {
    const press = async (wanted, key = 'Enter') => {
        await tabTo(page, wanted);
        await sent(page, () => page.keyboard.press(key));
    };
    await page.open('/');
    await press(/^Speak$/);
    await press(/^Circles/);
    await press(/^Open a circle$/);
    await tabTo(page, /^The theme/);
    await page.keyboard.type(THEME.en);
    await press(/^Open a circle$/);
    await look(page, 'It begins with three.');
    const id = json(world, 'm0', '--look').circles[0]?.id ?? until(world, 'm0', x => x.circles.length === 1).circles[0].id;
    world.as('m0', 'circles', id, '--now', '--join', '');
    const { asks } = until(world, 'm0', x => x.place === 'asked', id);
    await look(page, asks[0].name, `/circles/${id}`);
    check((await page.locator('main').innerText()).includes('also a manager'), 'what a newcomer may be is said');
    await press(new RegExp(`^Yes to ${asks[0].name}$`));
    until(world, 'm0', x => x.place === 'in', id);
    await look(page, '2 are in', `/circles/${id}`);
    await tabTo(page, /^Plain text/);
    await page.keyboard.type(SAID.en);
    await press(/^Send$/);
    until(world, 'm0', x => x.letters.some(l => l.text === SAID.en), id);
    await page.open(`/circles/${id}`);
    world.as('m0', 'circles', id, '--now', '--meet', '2027-01-06 15:00');
    await look(page, '15:00', `/circles/${id}`);
    const file = await page.request.get(page.url() + '.ics');
    const ics = await file.text();
    check(ics.includes('SUMMARY:Away') && !ics.includes(THEME.en), ics);
    await press(/^Leave this circle$/);
    await look(page, 'Ask to join', `/circles/${id}`);
});

const NOTE = { en: 'Everybody knows who this is.', zh: '大家都知道这是谁。' };
const REASON = { en: 'it names a person', zh: '点了一个人的名' };
const APPEAL = { en: 'There are three of that name.', zh: '叫这个名字的有三个人。' };

// What waits for a drawn moment leaves now.
async function leave(page) {
    await page.open('/board/mine');
    const now = page.getByRole('button', { name: /^(Send it now|现在发出)$/ });
    if (await now.count())
        await sent(page, () => now.first().click());
}

for (const lang of ['en', 'zh'])
    tests[`the words of a circle are told about, hidden, read all the same, asked for and shown again, on pages without a fault (${lang})`] = () =>
        inside(lang, { viewport: { width: 900, height: 1000 } }, async ({ world, page }) => {
            const bad = [];
            const view = async (name, path) => {
                for (const colorScheme of ['light', 'dark']) {
                    await page.emulateMedia({ colorScheme });
                    await page.setViewportSize({ width: 900, height: 1000 });
                    await page.open(path);
                    for (const fault of await axe(page))
                        bad.push(`${name}: ${fault}`);
                    await shoot(page, `${lang}-${colorScheme}-${name}`);
                    await page.setViewportSize({ width: 320, height: 640 });
                    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
                    if (over > 0)
                        bad.push(`${name}: ${over} px too wide`);
                }
                await page.setViewportSize({ width: 900, height: 1000 });
            };
            const main = () => page.locator('main').innerText();
            const press = name => sent(page, () => page.getByRole('button', { name }).click());
            const follow = (name, which = 0) => sent(page, () => page.getByRole('link', { name }).nth(which).click());
            const decide = async (what, reason) => {
                await page.locator(`input[value=${what}]`).check();
                await page.locator('#reason').fill(reason);
                await press(/^(Sign and send|签名并发出)$/);
            };
            moderator(world);
            world.as('m0', 'circles', '--now', '--theme', THEME[lang], LINE[lang]);
            const id = until(world, 'm0', x => x.circles.some(c => c.place === 'in')).circles[0].id, one = `/circles/${id}`;
            until(world, 'm1', x => x.circles.some(c => c.id === id));
            world.as('m1', 'circles', id, '--now', '--join', ASKED[lang]);
            const ask = until(world, 'm1', x => x.place === 'asked', id).asks[0].id;
            await look(page, ASKED[lang], one);
            same(await page.getByRole('link', { name: /^(Tell the moderators|告诉管理者)$/ }).count(), 2, 'the theme, and the line of who asks');
            await follow(/^(Tell the moderators|告诉管理者)$/);
            check((await main()).includes(THEME[lang]) && (await main()).includes(LINE[lang]), await main());
            await view('circle-flag', `/board/flag?post=${id}`);
            await page.locator('input[value=name]').check();
            await page.locator('#note').fill(NOTE[lang]);
            await press(/^(Tell them|告诉他们)$/);
            await leave(page);
            await desk(page, NOTE[lang]);
            check((await main()).includes(THEME[lang]), 'the moderator reads the words');
            await view('circle-desk', '/board/moderation');
            await follow(/^(Decide|决定)$/);
            same(await page.locator('input[name=do]').evaluateAll(all => all.map(x => x.value)), ['hide', 'show', 'drop'], 'nobody is muted in a circle');
            await view('circle-decide', `/board/decide?post=${id}`);
            await decide('hide', REASON[lang]);
            await page.open(`/board/decide?post=${ask}`);
            check((await main()).includes(ASKED[lang]), await main());
            await decide('hide', REASON[lang]);
            await look(page, REASON[lang], one);
            check(!(await main()).includes(THEME[lang]) && !(await main()).includes(ASKED[lang]), 'hidden behind the reason');
            await page.open('/circles');
            check((await main()).includes(REASON[lang]) && !(await main()).includes(THEME[lang]), await main());
            await view('circle-hidden-list', '/circles');
            await view('circle-hidden', one);
            for (const shut of await page.locator('main details', { has: page.locator('summary', { hasText: /^(Show it|显示)$/ }) }).all())
                await shut.locator('summary').click();
            check((await main()).includes(THEME[lang]) && (await main()).includes(LINE[lang]) && (await main()).includes(ASKED[lang]), 'a click away');
            await shoot(page, `${lang}-light-circle-hidden-shown`);
            await follow(/^(Ask for it to be undone|请求撤销)$/);
            await page.locator('#text').fill(APPEAL[lang]);
            await press(/^(Ask for it|请求撤销)$/);
            await leave(page);
            await desk(page, APPEAL[lang]);
            await view('circle-appeal', '/board/moderation');
            await follow(/^(Decide|决定)$/);
            await decide('show', lang === 'en' ? 'nobody can be found by it' : '从中认不出谁');
            await look(page, THEME[lang], one);
            await page.open('/board/moderation');
            check((await main()).includes(lang === 'en' ? 'It was undone.' : '已经撤销'), 'what came of it');
            check((await main()).includes(lang === 'en' ? 'the words of a circle' : '一个小组的文字'), 'which words');
            same(bad, [], lang);
        });

export default hasLab ? tests : { 'there is no board in this program yet': () => {} };
