// Letters and listeners, with a real trial lab: found, written to and answered by the keyboard alone; every page in both languages and themes, and
// narrow. Pictures when RESPITE_PICTURES names a folder.
import { check, axe, same, sent } from './house.mjs';
import { hasLab, inside, shoot, tabTo } from './board.mjs';

const ASKED = { en: 'Could I talk about leaving?', zh: '可以聊聊想离开的事吗？' };
const YES = { en: 'Yes. I am here.', zh: '可以，我在。' };

// Somebody who vouches, a listener whom they vouched for, one whom nobody did.
function listeners(world, lang) {
    const lab = (...args) => world.run('--data', world.data, 'lab', ...args, '--yes');
    lab('voucher', JSON.parse(world.as('m0', 'listen', '--voucher', 'R. Hale', '--json')).line);
    world.as('m0', 'letters', '--look');
    const asked = JSON.parse(world.as('m1', 'listen', '--ask', 'Lin', '--json')).line;
    lab('listener', JSON.parse(world.as('m0', 'listen', '--vouch', asked, '--json')).line);
    world.as('m1', 'listen', '--open', '--languages', 'en,zh', '--topics', lang === 'en' ? 'leaving, first paper' : '想离开, 第一篇论文');
    world.as('m2', 'listen', '--ask', 'Somebody');
    world.as('m2', 'listen', '--open', '--languages', 'en');
}

async function look(page, text, path = '/letters') {
    for (let i = 0; i < 40; i++) {
        await page.open('/letters');
        await sent(page, () => page.getByRole('button', { name: /^(Look now|现在看看)$/ }).click());
        await page.open(path);
        if ((await page.locator('main').innerText()).includes(text))
            return;
    }
    throw new Error(`“${text}” never stood on ${path}: ${await page.locator('main').innerText()}`);
}

// The number of the one conversation that the member has.
function talkOf(world, member) {
    for (let i = 0; i < 40; i++) {
        const all = JSON.parse(world.as(member, 'letters', '--look', '--json')).conversations;
        if (all.length)
            return all[0].id;
    }
    throw new Error(`no letter came to ${member}`);
}

const tests = {};
for (const lang of ['en', 'zh'])
    tests[`axe finds nothing serious on the pages of letters, and none scrolls sideways (${lang})`] = () =>
        inside(lang, { viewport: { width: 900, height: 1000 } }, async ({ world, page }) => {
            const bad = [];
            await page.open('/letters');
            await shoot(page, `${lang}-light-letters-empty`);
            await page.open('/listen');
            await shoot(page, `${lang}-light-listen-none`);
            for (const fault of await axe(page))
                bad.push(`listen: ${fault}`);
            listeners(world, lang);
            await look(page, 'R. Hale');
            const write = await page.locator('a[href^="/letters/write"]').first().getAttribute('href');
            await page.open(write);
            await page.locator('#text').fill(ASKED[lang]);
            await sent(page, () => page.getByRole('button', { name: /^(Send|发出)$/ }).click());
            world.as('m1', 'letters', String(talkOf(world, 'm1')), '--now', YES[lang]);
            const talk = await page.open('/letters').then(() => page.locator('.lines a').first().getAttribute('href'));
            await look(page, YES[lang], talk);
            await page.open('/listen');
            await page.locator('#name').fill('Wei');
            await sent(page, () => page.getByRole('button', { name: /^(Make my key|生成我的密钥)$/ }).click());
            for (const colorScheme of ['light', 'dark']) {
                await page.emulateMedia({ colorScheme });
                for (const [name, path] of [['letters', '/letters'], ['letters-all', '/letters?all=1'], ['letter-write', write], ['letter', talk], ['listen', '/listen']]) {
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

tests['a card that nobody vouched for stands behind a second click, last, with its warning'] = () => inside('en', {}, async ({ world, page }) => {
    listeners(world, 'en');
    await look(page, 'Show cards nobody has vouched for');
    const text = async () => page.locator('main').innerText();
    check(!(await text()).includes('Nobody has vouched'), await text());
    await sent(page, () => page.getByRole('link', { name: 'Show cards nobody has vouched for' }).click());
    const all = await text();
    check(all.includes('Nobody has vouched for this card. It may be anyone, also a manager.'), all);
    check(all.indexOf('Lin') < all.indexOf('Nobody has vouched'), 'the vouched one comes first');
});

tests['a listener is found, written to and answered by the keyboard alone'] = () => inside('en', {}, async ({ world, page }) => {
    const press = async (wanted, key = 'Enter') => {
        await tabTo(page, wanted);
        await sent(page, () => page.keyboard.press(key));
    };
    listeners(world, 'en');
    await look(page, 'R. Hale');
    await page.open('/');
    await press(/^Speak$/);
    await press(/^Talk to a listener$/);
    await press(/^Write to Lin$/);
    await tabTo(page, /^Plain text/);
    await page.keyboard.type(ASKED.en);
    await press(/^Send$/);
    world.as('m1', 'letters', String(talkOf(world, 'm1')), '--now', YES.en);
    const talk = await page.locator('.lines a').first().getAttribute('href');
    await look(page, YES.en, talk);
    await tabTo(page, /^Plain text/);
    await page.keyboard.type('Thank you.');
    await press(/^Send$/);
    await look(page, 'Thank you.', talk);
});

// The check of one's own words, where the writer is known by no name: said once, here, and never in the way.
tests['a letter with a name of one\'s own is held up once, and leaves on the second click'] = () => inside('en', {}, async ({ world, page }) => {
    const said = 'Please ask for Zhang at the door.';
    const text = () => page.locator('main').innerText();
    listeners(world, 'en');
    await look(page, 'R. Hale');
    await page.open(await page.locator('a[href^="/letters/write"]').first().getAttribute('href'));
    await page.locator('#text').fill(said);
    await sent(page, () => page.getByRole('button', { name: /^Send$/ }).click());
    check((await text()).includes('“Zhang”'), await text());
    check((await text()).includes('You can send it as it is'), await text());
    same(await page.locator('#text').inputValue(), said, 'the words stay');
    await shoot(page, 'en-light-letter-hints');
    for (const fault of await axe(page))
        check(false, fault);
    await sent(page, () => page.getByRole('button', { name: /^Send$/ }).click());
    const talk = talkOf(world, 'm1');
    check(JSON.parse(world.as('m1', 'letters', String(talk), '--json')).letters[0].text === said, 'it came as it was written');
    // The listener is known by name: nothing is checked there. Comparing reads commits on a click alone, and sends nothing.
    world.as('m1', 'letters', String(talk), '--now', YES.en);
    await look(page, YES.en, await page.open('/letters').then(() => page.locator('.lines a').first().getAttribute('href')));
    await page.locator('#text').fill('Thank you.');
    await sent(page, () => page.getByRole('button', { name: /^Compare with my own commit messages$/ }).click());
    check(/Compared with|No commit messages/.test(await text()), await text());
    same(await page.locator('#text').inputValue(), 'Thank you.', 'the words stay');
    same(await page.locator('article').count(), 2, 'nothing was sent');
});

export default hasLab ? tests : { 'there is no board in this program yet': () => {} };
