// The digest, the search, a paper and the profile, from drawn papers: in both languages and themes, narrow, by the keyboard alone, without
// script, printed on one sheet. Pictures when RESPITE_PICTURES names a folder.
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { House, axe, check, same, sent, tab, tabTo } from './house.mjs';

const WORDS = { 'cs.LG': ['attention', 'sinks', 'caches', 'decoding', 'context'], 'cs.CL': ['dialogue', 'parsing', 'translation', 'lexicons', 'prompts'],
    'cs.RO': ['grippers', 'terrain', 'odometry', 'quadrupeds', 'grasping'], 'math.CO': ['matroids', 'tilings', 'cliques', 'lattices', 'colourings'] };
const AUTHORS = ['Ada Noether', 'Emmy Lasker', 'Sofia Kova', 'Wei Zhang', 'Lin Ito'];

// Last week's papers: 48, of four fields; and one that would like to be markup.
function papers() {
    const fields = Object.keys(WORDS), out = [];
    for (let i = 0; i < 48; i++) {
        const field = fields[i % 4], words = WORDS[field], a = words[i % 5], b = words[(i + 1 + (i >> 2)) % 5];
        out.push({ venue: 'arxiv', year: 2026, id: `2611.${String(10000 + i)}`, title: `On ${a} and ${b}, ten labs compared (${i + 1})`,
            abstract: `We look at ${a} beside ${b}. The ${words[(i + 3) % 5]} carry no content in ${i + 2} of the models. Nothing else was changed.`,
            authors: `${AUTHORS[i % 5]}; ${AUTHORS[(i * 3 + 1) % 5]}; Jo Marsh; Mara Lind`, date: `2026-11-${String(9 + i % 7).padStart(2, '0')}`, categories: [field] });
    }
    out[5].title = '<script>document.title = "owned"</script> parsing & "prompts"';
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

const PAGES = [['digest', '/digest'], ['search', '/search?q=attention+sinks'], ['search-none', '/search?q=zzz'], ['paper', '/paper/1'], ['profile', '/profile']];
const tests = {};
for (const lang of ['en', 'zh'])
    tests[`axe finds nothing serious on the pages of papers, and none scrolls sideways (${lang})`] = () =>
        inside(lang, { viewport: { width: 900, height: 1000 } }, async ({ house, page }) => {
            const bad = [];
            await page.open('/digest');
            await shoot(page, `${lang}-light-digest-first`);
            house.run('papers', 'profile', '--keep', '2611.10000', '--keep', '2611.10004', '--not', '2611.10001', '--author', 'Emmy Lasker', '--category', 'cs.RO',
                '--remove', 'labs', '--quiet');
            for (const colorScheme of ['light', 'dark']) {
                await page.emulateMedia({ colorScheme });
                for (const [name, path] of PAGES) {
                    await page.setViewportSize({ width: 900, height: 1000 });
                    await page.open(path);
                    for (const fault of await axe(page))
                        bad.push(`${name}: ${fault}`);
                    await shoot(page, `${lang}-${colorScheme}-${name}`);
                    await page.setViewportSize({ width: 320, height: 640 });
                    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
                    if (over > 0)
                        bad.push(`${name}: ${over} px too wide`);
                    check(await page.title() !== 'owned', 'a title became markup');
                }
            }
            same(bad, [], lang);
        });

tests['a paper is found, opened and kept by the keyboard alone, and the profile says so'] = () => inside('en', {}, async ({ page }) => {
    const press = async wanted => {
        await tabTo(page, wanted);
        await sent(page, () => page.keyboard.press('Enter'));
    };
    await page.open('/');
    await page.open('/moved');
    await press(/^Search$/);
    await tabTo(page, /^Words/);
    await page.keyboard.type('terrain odometry');
    await sent(page, () => page.keyboard.press('Enter'));
    await press(/^On (terrain|odometry)/);
    await press(/^Keep$/);
    same(await page.getByRole('button', { name: 'Keep' }).getAttribute('aria-pressed'), 'true', 'the button is pressed');
    await press(/^Your profile$/);
    const text = await page.locator('main').innerText();
    check(text.includes('from 1 papers you keep'), text);
});

tests['the digest ends, counts nothing unread, and is the same without script'] = () => inside('en', {}, async ({ node, page }) => {
    await page.open('/digest');
    const text = await page.locator('main').innerText();
    check(text.includes('48 papers in your fields. 7 chosen, the reason beside each.'), text);
    check(text.trim().endsWith('That is all for this week. The others are counted, not waiting.'), text);
    check(!/unread|missed|waiting for you/i.test(text), text);
    const bare = await tab(node, { javaScriptEnabled: false });
    await bare.open('/digest');
    same(await bare.locator('main').innerText(), text, 'without script');
    await sent(bare, () => bare.getByRole('button', { name: 'Not for me' }).first().click());
    same(await bare.getByRole('button', { name: 'Not for me' }).first().getAttribute('aria-pressed'), 'true', 'not for me');
    await bare.leave();
});

for (const theme of ['light', 'dark'])
    tests[`the digest is one A4 page (${theme})`] = () => inside('en', { colorScheme: theme }, async ({ house, page }) => {
        await page.open('/digest');
        const file = join(house.dir, 'page.pdf');
        writeFileSync(file, await page.pdf({ format: 'A4', preferCSSPageSize: true }));
        same(+/Pages:\s+(\d+)/.exec(execFileSync('pdfinfo', [file]).toString())[1], 1, 'pages');
        const text = execFileSync('pdftotext', ['-layout', file, '-']).toString();
        check(/That is all for this week/.test(text), 'the end line is not on it');
        check(!/Not for me/.test(text), 'buttons are printed');
    });

tests['in a quiet week nothing is made, and the page says until when'] = () => inside('en', {}, async ({ house, page }) => {
    house.run('rest', 'quiet', '2026-11-16..2026-11-22');
    await page.open('/digest');
    const text = await page.locator('main').innerText();
    check(text.includes('Quiet until 22 November. No page is made, and nothing is being counted.'), text);
    check(!/\d+ papers/.test(text), text);
});

export default tests;
