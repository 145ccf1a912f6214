// Counsellors, with a real trial lab and a counsellor who is in none: a time taken and given back by the keyboard alone; every page in both
// languages and themes, and narrow. Pictures when RESPITE_PICTURES names a folder.
import { join } from 'node:path';
import { check, axe, same, sent, tabTo } from './house.mjs';
import { hasLab, inside, shoot } from './board.mjs';

const WORDS = { en: 'It is about leaving.', zh: '想聊聊离开的事。' };
const ASKED = { en: 'I would like to say it in writing first.', zh: '我想先写下来。' };
const ANSWER = { en: 'Thank you for writing. We have time on Tuesday.', zh: '谢谢你写信来。星期二我们有时间。' };
const BY = { en: 'telephone 030 1234', zh: '电话 030 1234' };

const day = ahead => new Date(Date.now() + ahead * 86400e3).toISOString().slice(0, 10);

// A counsellor on a computer of her own, with four times, by the machine's clock; the lab's tests run in UTC.
function counsellor(world, lang) {
    const data = join(world.house.dir, 'counsellor');
    const as = (...args) => world.run('--data', data, 'counsel', ...args);
    const made = JSON.parse(as('--key', 'R. Hale', '--at', `http://127.0.0.1:${world.port}`, '--employer',
        lang === 'en' ? "the students' union" : '学生会', '--where', 'counsel.example', '--json'));
    world.run('--data', world.data, 'lab', 'counsellor', made.line, '--yes');
    as('--open', '--by', BY[lang], ...['09:00', '10:00', '14:30', '16:00'].map(clock => `${day(2)}T${clock}`));
    return as;
}

async function look(page, holds, path = '/counsellors') {
    for (let i = 0; i < 40; i++) {
        await page.open('/counsellors');
        await sent(page, () => page.getByRole('button', { name: /^(Look now|现在看看)$/ }).click());
        await page.open(path);
        if (holds(await page.locator('main').innerText()))
            return;
    }
    throw new Error(`it never stood there: ${await page.locator('main').innerText()}`);
}

const tests = {};
for (const lang of ['en', 'zh'])
    tests[`axe finds nothing serious on the pages of counsellors, and none scrolls sideways (${lang})`] = () =>
        inside(lang, { viewport: { width: 900, height: 1000 } }, async ({ world, page }) => {
            const bad = [];
            await page.open('/counsellors');
            await shoot(page, `${lang}-light-counsellors-none`);
            for (const fault of await axe(page))
                bad.push(`none: ${fault}`);
            const hale = counsellor(world, lang);
            await look(page, text => text.includes('R. Hale'));
            const take = page.locator('a[href^="/counsellors/take"]');
            await page.open(await take.first().getAttribute('href'));
            await page.locator('#words').fill(WORDS[lang]);
            await sent(page, () => page.getByRole('button', { name: /^(Take this time|约这个时间)/ }).click());
            const text = await page.locator('main').innerText();
            check(text.includes(BY[lang]) && /(Yours|你约的)/.test(text), text);
            let came = [];
            for (let i = 0; i < 40 && !came.length; i++)
                came = JSON.parse(hale('--look', '--json')).times.filter(t => t.taken);
            same(came.map(t => t.words), [WORDS[lang]]);
            const free = await take.first().getAttribute('href');
            // A letter each way, the first before anything was written.
            const talk = await page.locator('a[href^="/letters/"]').first().getAttribute('href');
            await page.open(talk);
            await shoot(page, `${lang}-light-counsel-letter-none`);
            await page.locator('#text').fill(ASKED[lang]);
            await sent(page, () => page.getByRole('button', { name: /^(Send|发出)$/ }).click());
            let letters = [];
            for (let i = 0; i < 40 && !letters.length; i++) {
                hale('letters', '--look');
                ({ letters } = JSON.parse(hale('letters', String(came[0].letters), '--json')));
            }
            same(letters.map(l => l.text), [ASKED[lang]]);
            hale('letters', String(came[0].letters), ANSWER[lang]);
            await look(page, text => text.includes(ANSWER[lang]), talk);
            for (const colorScheme of ['light', 'dark']) {
                await page.emulateMedia({ colorScheme });
                for (const [name, path] of [['counsellors', '/counsellors'], ['counsel-take', free], ['counsel-letter', talk],
                    ['counsel-letters', '/letters']]) {
                    await page.setViewportSize({ width: 900, height: 1000 });
                    await page.open(path);
                    for (const fault of await axe(page))
                        bad.push(`${name}: ${fault}`);
                    await shoot(page, `${lang}-${colorScheme}-${name}`);
                    await page.setViewportSize({ width: 320, height: 640 });
                    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
                    if (over > 0)
                        bad.push(`${name}: ${over} px too wide`);
                    await shoot(page, `${lang}-${colorScheme}-${name}-narrow`);
                }
            }
            same(bad, [], lang);
        });

tests['a time is taken, found taken, and given back by the keyboard alone'] = () => inside('en', {}, async ({ world, page }) => {
    const press = async (wanted, key = 'Enter') => {
        await tabTo(page, wanted);
        await sent(page, () => page.keyboard.press(key));
    };
    counsellor(world, 'en');
    await look(page, text => text.includes('R. Hale'));
    await page.open('/');
    await press(/^Speak$/);
    await press(/^See a counsellor$/);
    await press(/^Take this time[\s\S]*09:00$/);
    const address = page.url();
    await tabTo(page, /^A few words for the counsellor/);
    await page.keyboard.type(WORDS.en);
    await press(/^Take this time$/);
    check((await page.locator('main').innerText()).includes('Yours:'), 'it is mine');
    await page.open(new URL(address).pathname + new URL(address).search);
    check((await page.locator('main').innerText()).includes('This time is not open any more.'), 'the page of a time that is taken says so');
    await page.open('/counsellors');
    await press(/^Give it back/);
    check((await page.locator('main').innerText()).includes('Given back.'), await page.locator('main').innerText());
    await look(page, text => (text.match(/Take this time/g) ?? []).length === 4);
});

export default hasLab ? tests : { 'there is no board in this program yet': () => {} };
