// The pages of kept boards: axe in both languages and themes, nothing too wide, by the keyboard alone, charts with the numbers of their tables,
// and as pictures when RESPITE_PICTURES names a folder.
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DAY, House, NOW, RESPITE, axe, check, same, sent, tab, tabTo } from './house.mjs';

const NAMES = ['alpine-7b', 'birch-large', 'cedar-turbo-2026-10', 'delta', 'elm-instruct-70b-of-a-very-long-name', 'fjord', '榆树-32b'];
const PAGES = ['/arena', '/arena/board?name=ours', '/arena/changes?name=ours', '/arena/screen?name=ours'];

function votes(n, first, seed, better) {
    let s = seed >>> 0;
    const next = () => ((s = (Math.imul(s, 1664525) + 1013904223) >>> 0) / 4294967296);
    const rows = [];
    for (let i = 0; i < n; i++) {
        const a = Math.floor(next() * NAMES.length), b = (a + 1 + Math.floor(next() * (NAMES.length - 1))) % NAMES.length;
        const strength = k => 0.8 - 0.25 * k + (k === better ? 1.2 : 0), wins = 1 / (1 + Math.exp(strength(b) - strength(a)));
        rows.push(`${first + i},${NAMES[a]},${NAMES[b]},${next() < 0.15 ? 'tie' : next() < wins ? 'model_a' : 'model_b'},v${Math.floor(next() * 40)}`);
    }
    return rows;
}

// A house with a board of three days and a screen that found somebody.
async function withBoard(lang, options, work) {
    const house = new House();
    const run = (day, ...args) => {
        const done = spawnSync(RESPITE, args, { env: { ...house.env(), RESPITE_CLOCK: String(NOW + day * DAY) } });
        check(done.status === 0, `respite ${args.join(' ')}: ${done.stderr}`);
    };
    const file = rows => {
        const path = join(house.dir, 'votes.csv');
        writeFileSync(path, `question_id,model_a,model_b,winner,judge\n${rows.join('\n')}\n`);
        return path;
    };
    try {
        run(-30, 'arena', 'add', 'ours', file(votes(3000, 0, 1)));
        run(-12, 'arena', 'add', 'ours', file(votes(800, 3000, 2)));
        run(0, 'arena', 'add', 'ours', file(votes(3000, 3800, 3, 4)));
        const stuffed = Array.from({ length: 80 }, (_, i) => `${9000 + i},${NAMES[i % 2 ? 6 : i % 6]},${NAMES[i % 2 ? i % 6 : 6]},${i % 2 ? 'model_a' : 'model_b'},mallory`);
        run(0, 'arena', 'screen', file([...votes(3000, 0, 1), ...stuffed]), '--keep', 'ours');
        const node = await (await house.node('--lang', lang)).login();
        const page = await tab(node, options);
        await work(page);
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

const nameOf = path => path.slice(1).split('?')[0].replace('/', '-');
const tests = {};
for (const lang of ['en', 'zh'])
    for (const colorScheme of ['light', 'dark'])
        tests[`axe finds nothing serious (${lang}, ${colorScheme})`] = () =>
            withBoard(lang, { colorScheme, viewport: { width: 900, height: 1000 } }, async page => {
                const bad = [];
                for (const path of PAGES) {
                    await page.open(path);
                    await page.locator('main details').evaluateAll(all => all.forEach(d => { d.open = true; }));
                    for (const fault of await axe(page))
                        bad.push(`${path}: ${fault}`);
                    await shoot(page, `${lang}-${colorScheme}-${nameOf(path)}`);
                }
                same(bad, [], `${lang}, ${colorScheme}`);
            });

for (const width of [320, 1280])
    tests[`nothing is too wide at ${width} px, and no label leaves its picture`] = () => withBoard('en', { viewport: { width, height: 700 } }, async page => {
        for (const path of PAGES) {
            await page.open(path);
            const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
            check(over <= 0, `${path}: ${over} px too wide`);
            const out = await page.locator('main svg[role=img]').evaluateAll(all => all.flatMap(svg => {
                const card = svg.closest('figure').getBoundingClientRect();
                return [...svg.querySelectorAll('text')].filter(t => getComputedStyle(t).display !== 'none')
                    .filter(t => t.getBoundingClientRect().right > card.right || t.getBoundingClientRect().left < card.left).map(t => t.textContent);
            }));
            same(out, [], `${path}: text that leaves its card`);
            await shoot(page, `${width}-${nameOf(path)}`);
        }
    });

tests['each picture has its numbers in a table, and names in words who cannot be told apart'] = () => withBoard('en', {}, async page => {
    await page.open('/arena/board?name=ours');
    const got = await page.locator('figure.intervals').evaluate(f => ({
        dots: f.querySelectorAll('svg circle').length, rows: f.querySelectorAll('details tbody tr').length,
        brackets: f.querySelectorAll('svg .bracket').length, name: f.querySelector('svg').getAttribute('aria-label')
    }));
    check(got.dots === NAMES.length && got.rows === NAMES.length, JSON.stringify(got));
    check(/interval/.test(got.name), got.name);
    const over = await page.locator('figure.over').evaluate(f => ({ rows: f.querySelectorAll('details tbody tr').length, heads: f.querySelectorAll('details thead th').length }));
    same(over, { rows: 3, heads: 5 }, 'over time');
});

tests['a board is reached and its changes are read by the keyboard alone'] = () => withBoard('en', {}, async page => {
    const press = async wanted => {
        await tabTo(page, wanted);
        await sent(page, () => page.keyboard.press('Enter'));
    };
    await page.open('/arena');
    await press(/^ours$/);
    await press(/^What changed$/);
    check(/^Not changed:/m.test(await page.locator('main').innerText()), await page.locator('main').innerText());
});

export default tests;
