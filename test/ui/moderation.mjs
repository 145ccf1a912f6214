// Moderation, with a real trial lab, where the node's own person is a moderator: a post is flagged, hidden, appealed and shown again by the keyboard
// alone; every page in both languages and themes, and narrow. Pictures when RESPITE_PICTURES names a folder.
import { check, axe, same, sent } from './house.mjs';
import { hasLab, inside, shoot, tabTo, until } from './board.mjs';

const SAID = { en: 'Prof. Example sent me a message at two in the morning.', zh: '某位教授凌晨两点给我发了消息。' };
const NOTE = { en: 'Everybody knows who this is.', zh: '大家都知道这是谁。' };
const REASON = { en: 'it named a person', zh: '点了一个人的名' };
const APPEAL = { en: 'It names nobody who can be found.', zh: '没有人能从中认出谁来。' };

// The key is made on the node's own computer; who keeps the lab puts it into the record.
export function moderator(world) {
    const line = JSON.parse(world.run('moderate', '--key', 'S. Okoro', '--json')).line;
    world.run('--data', world.data, 'lab', 'moderator', line, '--yes');
}

// A post of somebody else; its number, once the node has it.
async function post(world, page, lang) {
    world.as('m0', 'post', '--now', SAID[lang]);
    await until(page, SAID[lang]);
    return (await page.locator('.board a').filter({ hasText: SAID[lang] }).getAttribute('href')).split('/')[2];
}

export async function desk(page, text) {
    for (let i = 0; i < 40; i++) {
        await page.open('/board/moderation');
        await sent(page, () => page.getByRole('button', { name: /^(Look now|现在看看)$/ }).click());
        if ((await page.locator('main').innerText()).includes(text))
            return;
        await page.waitForTimeout(300);
    }
    throw new Error(`“${text}” never came to the moderator: ${await page.locator('main').innerText()}`);
}

const tests = {};
for (const lang of ['en', 'zh'])
    tests[`axe finds nothing serious on the pages of moderation, and none scrolls sideways (${lang})`] = () =>
        inside(lang, { viewport: { width: 900, height: 1000 } }, async ({ world, page }) => {
            const bad = [];
            await page.open('/board/moderation');
            await shoot(page, `${lang}-light-moderation-none`);
            for (const fault of await axe(page))
                bad.push(`none: ${fault}`);
            moderator(world);
            const id = await post(world, page, lang);
            world.as('m1', 'board', '--json');
            world.as('m1', 'flag', id, 'name', NOTE[lang]);
            await desk(page, NOTE[lang]);
            await shoot(page, `${lang}-light-desk-flagged`);
            for (const fault of await axe(page))
                bad.push(`flagged: ${fault}`);
            await page.open(`/board/decide?post=${id}`);
            await page.locator('input[value=hide]').check();
            await page.locator('#reason').fill(REASON[lang]);
            await sent(page, () => page.getByRole('button', { name: /^(Sign and send|签名并发出)$/ }).click());
            await until(page, REASON[lang], `/board/${id}`);
            for (let i = 0; i < 40 && !world.as('m2', 'board').includes(REASON[lang]); i++)
                await page.waitForTimeout(300);
            world.as('m2', 'appeal', id, APPEAL[lang]);
            await desk(page, APPEAL[lang]);
            // Help now, with a line of the lab and a number of one's own.
            world.run('--data', world.data, 'lab', 'line', lang === 'en' ? 'Counselling service' : '心理咨询', '+49 30 1234567', '--yes');
            for (let i = 0; i < 40 && !(await page.open('/help').then(() => page.locator('main').innerText())).includes('1234567'); i++) {
                await page.open('/board');
                await sent(page, () => page.getByRole('button', { name: /^(Look now|现在看看)$/ }).click());
            }
            await page.locator('main details summary').last().click();
            await page.locator('#own-name').fill(lang === 'en' ? 'Lin, a friend' : '林，一位朋友');
            await page.locator('#own-number').fill('+49 151 000');
            await sent(page, () => page.getByRole('button', { name: /^(Keep it|留下)$/ }).click());
            for (const colorScheme of ['light', 'dark']) {
                await page.emulateMedia({ colorScheme });
                for (const [name, path] of [['moderation', '/board/moderation'], ['flag', `/board/flag?post=${id}`], ['appeal', `/board/appeal?post=${id}`],
                    ['decide', `/board/decide?post=${id}`], ['hidden', `/board/${id}`], ['hidden-list', '/board'], ['lab', '/lab'], ['help', '/help']]) {
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
            }
            same(bad, [], lang);
        });

tests['a post is flagged, hidden, appealed and shown again by the keyboard alone'] = () => inside('en', {}, async ({ world, page }) => {
    const press = async (wanted, key = 'Enter') => {
        await tabTo(page, wanted);
        await sent(page, () => page.keyboard.press(key));
    };
    // Tab stops at the first of a group; the arrows choose, and a blank chooses the one that has the focus.
    const choose = async (first, steps) => {
        await tabTo(page, first);
        for (let i = 0; i < steps; i++)
            await page.keyboard.press('ArrowDown');
        if (!steps)
            await page.keyboard.press('Space');
    };
    moderator(world);
    const id = await post(world, page, 'en');
    await page.open('/');
    await press(/^Speak$/);
    await press(/two in the morning/);
    await press(/^Tell the moderators$/);
    await choose(/harm/i, 1);
    await tabTo(page, /^A line for them/);
    await page.keyboard.type(NOTE.en);
    await sent(page, () => page.keyboard.press('Enter'));
    // It waits for a drawn moment: it is sent at once where one's own things wait.
    await page.open('/board/mine');
    const now = page.getByRole('button', { name: /^Send it now$/ });
    if (await now.count())
        await press(/^Send it now$/);
    await desk(page, NOTE.en);
    await press(/^Decide$/);
    await choose(/^Hide it/, 0);
    await tabTo(page, /^The reason/);
    await page.keyboard.type(REASON.en);
    await press(/^Sign and send$/);
    await until(page, REASON.en, `/board/${id}`);
    await press(/^Ask for it to be undone$/);
    await tabTo(page, /^Why it should be undone/);
    await page.keyboard.type(APPEAL.en);
    await press(/^Ask for it$/);
    await page.open('/board/mine');
    if (await now.count())
        await press(/^Send it now$/);
    await desk(page, APPEAL.en);
    check(await page.locator('#' + (await page.locator('li[id^=d]').first().getAttribute('id'))).innerText().then(t => t.includes(REASON.en)), 'the decision stands there');
    await page.open('/board/moderation');
    await press(/^Decide$/);
    await choose(/^Hide it/, 1);
    await tabTo(page, /^The reason/);
    await page.keyboard.type('the name is not to be found');
    await press(/^Sign and send$/);
    await until(page, SAID.en, `/board/${id}`);
    await page.open('/board/moderation');
    check((await page.locator('main').innerText()).includes('It was undone.'), 'what came of the appeal stands there');
});

export default hasLab ? tests : { 'there is no board in this program yet': () => {} };
