// Circles, with a real trial lab: opened, asked for and talked in on the pages and by the keyboard alone; every page in both languages and
// themes, and narrow. Pictures when RESPITE_PICTURES names a folder.
import { check, axe, same, sent } from './house.mjs';
import { hasLab, inside, shoot, tabTo } from './board.mjs';

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

export default hasLab ? tests : { 'there is no board in this program yet': () => {} };
