// Papers a year, from drawn papers: in both languages and themes, narrow, by the keyboard alone, without script. The name that is typed stands
// in no address. Pictures when RESPITE_PICTURES names a folder.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { House, axe, check, same, sent, tab, tabTo } from './house.mjs';

const GIVEN = ['Ada', 'Emmy', 'Sofia', 'Wei', 'Lin', 'Jo', 'Mara'], FAMILY = ['Noether', 'Lasker', 'Kova', 'Wang', 'Ito', 'Marsh', 'Otto', 'Berg', 'Li'];

function papers() {
    const out = [];
    for (let i = 0; i < 400; i++) {
        const names = new Set();
        for (let k = 0; k <= i % 4; k++)
            names.add(`${GIVEN[(i * 3 + k * k) % 7]} ${FAMILY[(i * i + 5 * k + (i >> 4)) % 9]}`);
        out.push({ venue: ['ICML', 'ICLR', 'ACL'][i % 3], year: 2018 + i % 8, id: `p${i}`, title: `Of w${i % 47} and w${i % 31}, no ${i}`, abstract: '', authors: [...names].join('; ') });
    }
    out.push({ venue: 'ICML', year: 2025, id: 'own', title: 'A line of one’s own', abstract: '', authors: 'Ruth Xun; Bo Zell' });
    out.push({ venue: '<b>bold</b>', year: 2025, id: 'odd', title: 'Odd', abstract: '', authors: '<script>document.title = "owned"</script>' });
    return out.map(p => JSON.stringify(p)).join('\n') + '\n';
}

async function inside(lang, options, work) {
    const house = new House({ thesis: [] });
    try {
        const file = join(house.dir, 'papers.jsonl');
        writeFileSync(file, papers());
        house.run('papers', 'import', file, '--quiet');
        const node = await (await house.node('--lang', lang)).login();
        const page = await tab(node, { locale: lang === 'zh' ? 'zh-CN' : 'en-GB', ...options });
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
    tests[`axe finds nothing serious on the page, and it does not scroll sideways (${lang})`] = () =>
        inside(lang, { viewport: { width: 900, height: 1000 } }, async ({ page }) => {
            const bad = [];
            for (const colorScheme of ['light', 'dark']) {
                await page.emulateMedia({ colorScheme });
                for (const [name, path] of [['authors', '/authors?field=everything'], ['authors-acl', '/authors?field=ACL&year=2024']]) {
                    await page.setViewportSize({ width: 900, height: 1000 });
                    await page.open(path);
                    for (const fault of await axe(page))
                        bad.push(`${name}: ${fault}`);
                    await shoot(page, `${lang}-${colorScheme}-${name}`);
                    await page.setViewportSize({ width: 320, height: 640 });
                    await shoot(page, `${lang}-${colorScheme}-${name}-narrow`);
                    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
                    if (over > 0)
                        bad.push(`${name}: ${over} px too wide`);
                    check(await page.title() !== 'owned', 'a name became markup');
                    const text = await page.locator('main').innerText();
                    check(!/Noether|Lasker|Marsh|Xun/.test(text), text);
                }
            }
            same(bad, [], lang);
        });

tests['a reader finds their own line by the keyboard alone, and the name is in no address and no field afterwards'] = () => inside('en', {}, async ({ page }) => {
    await page.open('/moved');
    await tabTo(page, /^Papers a year$/);
    await sent(page, () => page.keyboard.press('Enter'));
    await tabTo(page, /^Your name/);
    await page.keyboard.type('Ruth Xun');
    await sent(page, () => page.keyboard.press('Enter'));
    check(/Papers under the name “Ruth Xun”, beside nobody else's: .*2025: 1\./.test(await page.locator('main').innerText()), 'the own line');
    check(!page.url().includes('Ruth'), page.url());
    same(await page.locator('#me').inputValue(), '', 'the field is empty again');
    check(!/Noether|Zell/.test(await page.locator('main').innerText()), 'somebody else is named');
});

tests['the page is the same without script, and the chart has its table'] = () => inside('en', {}, async ({ node, page }) => {
    await page.open('/authors');
    const text = await page.locator('main').innerText();
    check(text.trim().endsWith('Nothing here has to be followed.'), text);
    check(/In 2025, half of the names in these venues had .* one in a hundred had .* or more\./.test(text), text);
    const bare = await tab(node, { javaScriptEnabled: false });
    await bare.open('/authors');
    same(await bare.locator('main').innerText(), text, 'without script');
    check(await bare.locator('figure svg[role=img]').count() === 1 && await bare.locator('figure table').count() === 1, 'a picture and its table');
    await bare.leave();
});

export default tests;
