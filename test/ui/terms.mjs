// Terms and the page of one, from drawn papers of fifteen years: in both languages and themes, narrow, by the keyboard alone, without
// script, printed. Pictures when RESPITE_PICTURES names a folder.
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { House, axe, check, picture, same, sent, tab, tabTo } from './house.mjs';

const LAST = 2025, FIRST = 2004, NEW = 12, TIMES = 10;

// A word that nobody uses, of its year and number.
const word = (year, i) => 'bdfgklmnprst'[i] + 'aeiou'[year % 5] + 'zvxqjw'[(year >> 1) % 6] + 'aeiou'[i % 5] + 'nrlmk'[(year * 7 + i) % 5] + 'or';

// Each year twelve words rise, of which seven stay; the spellings GAN and GANs rise together in the last one.
function papers() {
    const out = [];
    for (let year = FIRST; year <= LAST; year++) {
        const words = [];
        for (let r = Math.max(FIRST + 4, year - 8); r <= year; r++)
            for (let i = 0; i < NEW; i++)
                for (let k = 0; k < (r === year ? TIMES : i % 12 < 7 ? TIMES : r === year - 1 ? TIMES : 1); k++)
                    words.push(word(r, i));
        for (let i = 0; i < 24 && year === LAST; i++)
            words.push(i % 3 ? 'GANs' : 'GAN');
        for (let i = 0; i < 300; i++)
            words.push(`for common${'abcdefgh'[(i * 7 + year) % 8]}`);
        words.forEach((w, i) => out.push({ venue: 'ALPHA', year, title: `On the ${w} in ${'pqrstuv'[i % 7]}${i}${year}`, abstract: '', authors: `A. First${i % 90}; B. Last${i % 31}`,
            id: `alpha/${year}-${i}` }));
    }
    out[3].title = '<script>document.title = "owned"</script>';
    return out.map(p => JSON.stringify(p)).join('\n') + '\n';
}

async function inside(lang, options, work) {
    const house = new House({ thesis: [] });
    try {
        const file = join(house.dir, 'papers.jsonl');
        writeFileSync(file, papers());
        house.run('papers', 'import', file, '--quiet');
        const node = await (await house.node('--lang', lang)).login();
        const page = await tab(node, options);
        await work({ house, node, page });
        await page.leave();
    } finally {
        await house.close();
    }
}

async function shoot(page, name) {
    const folder = process.env.RESPITE_PICTURES;
    if (!folder)
        return;
    mkdirSync(folder, { recursive: true });
    await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}

const tests = {};
for (const lang of ['en', 'zh'])
    tests[`axe finds nothing serious on the pages of terms, and none scrolls sideways (${lang})`] = () =>
        inside(lang, { viewport: { width: 900, height: 1000 } }, async ({ house, page }) => {
            const bad = [];
            await page.open('/terms');
            await shoot(page, `${lang}-light-terms-first`);
            house.run('papers', 'trends', 'ALPHA');
            for (const colorScheme of ['light', 'dark']) {
                await page.emulateMedia({ colorScheme });
                for (const [name, path] of [['terms', '/terms'], ['term', '/terms/term?field=ALPHA&term=gans']]) {
                    await page.setViewportSize({ width: 900, height: 1000 });
                    await page.open(path);
                    for (const fault of await axe(page))
                        bad.push(`${name}: ${fault}`);
                    await shoot(page, `${lang}-${colorScheme}-${name}`);
                    for (const details of await page.locator('main details').all())
                        await details.evaluate(d => { d.open = true; });
                    await shoot(page, `${lang}-${colorScheme}-${name}-open`);
                    await page.setViewportSize({ width: 320, height: 640 });
                    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
                    if (over > 0)
                        bad.push(`${name}: ${over} px too wide`);
                    await shoot(page, `${lang}-${colorScheme}-${name}-narrow`);
                    check(await page.title() !== 'owned', 'a title became markup');
                }
            }
            same(bad, [], lang);
        });

tests['a field is worked out and a term is opened by the keyboard alone; spellings are one row; the curve has a table beside it'] = () => inside('en', {}, async ({ page }) => {
    const press = async wanted => {
        await tabTo(page, wanted);
        await sent(page, () => page.keyboard.press('Enter'));
    };
    await page.open('/moved');
    await press(/^Terms$/);
    await press(/^Work it out$/);
    const rows = await page.locator('main table tbody tr').allInnerTexts();
    same(rows.filter(r => /^gans?\b/i.test(r)).length, 1, rows.join(' | '));
    check(rows.every(r => /lasting|unclear|faded|too early to tell/.test(r)), rows.join(' | '));
    const text = await page.locator('main').innerText();
    check(/For any rising term it is \d+ of \d+\./.test(text), text);
    check(text.includes('never about a person or a lab'), text);
    check(text.trim().endsWith('Nothing here has to be followed.'), text);
    await press(/^gans$/);
    const term = await page.locator('main').innerText();
    check(/(lasting|unclear|faded): odds that it lasts \d+ of 100, likely \d+ to \d+\. 24 papers in the two years up to 2025\./.test(term), term);
    check(term.includes('Counted with it: gan.'), term);
    check(await page.locator('main svg').count() > 0, 'no curve');
    await tabTo(page, /^Show as a table/);
    await page.keyboard.press('Enter');
    const years = await page.locator('main table tbody tr').allInnerTexts();
    check(years.some(y => /^2025/.test(y) && /to/.test(y)), years.join(' | '));
    await press(/^All terms of the field$/);
    same(new URL(page.url()).pathname, '/terms', 'back');
});

tests['terms are the same without script, and print without navigation, form or colour'] = () => inside('en', { colorScheme: 'dark' }, async ({ house, node, page }) => {
    house.run('papers', 'trends', 'ALPHA');
    const bare = await tab(node, { javaScriptEnabled: false });
    for (const path of ['/terms', '/terms/term?field=ALPHA&term=gans']) {
        await page.open(path);
        await bare.open(path);
        same(await bare.locator('main').innerText(), await page.locator('main').innerText(), path);
        const file = join(house.dir, 'page.pdf');
        writeFileSync(file, await page.pdf({ format: 'A4', preferCSSPageSize: true }));
        const text = execFileSync('pdftotext', ['-layout', file, '-']).toString();
        check(/Nothing here has to be followed/.test(text), 'the end line is not on it');
        check(!/Work it out|All terms of the field|Help now/.test(text), text);
        await page.emulateMedia({ media: 'print' });
        check(/rgb\(255, 255, 255\)|rgba\(0, 0, 0, 0\)/.test(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)), 'printed on colour');
        await page.emulateMedia({ media: null });
    }
    await bare.leave();
});

for (const lang of ['en', 'zh'])
    tests[`This week names one lasting and one unclear term, each with its page (${lang})`] = async () => {
        const house = new House();
        try {
            writeFileSync(join(house.dir, 'papers.jsonl'), papers());
            house.run('papers', 'import', join(house.dir, 'papers.jsonl'), '--quiet');
            house.run('papers', 'trends', 'ALPHA');
            const page = await tab(await (await house.node('--lang', lang)).login(), {});
            await picture(page);
            await page.open('/');
            await shoot(page, `${lang}-light-week`);
            same(await axe(page), [], 'axe');
            const line = page.locator('main li', { hasText: lang === 'en' ? 'Lasting' : '站住了' });
            check(/100/.test(await line.innerText()), await page.locator('main').innerText());
            await sent(page, () => line.locator('a').click());
            same(new URL(page.url()).pathname, '/terms/term', 'its page');
            await page.leave();
        } finally {
            await house.close();
        }
    };

tests['a term that is not kept is said in one sentence'] = () => inside('en', {}, async ({ page }) => {
    await page.open('/terms/term?field=ALPHA&term=nothing');
    check((await page.locator('main').innerText()).includes('Nothing is kept of this term.'), 'the sentence');
});

export default tests;
