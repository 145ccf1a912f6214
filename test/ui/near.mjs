// Near: a pinned draft beside drawn papers, in both languages and themes, narrow, by the keyboard alone, without script; and when the
// draft's file is gone. Pictures when RESPITE_PICTURES names a folder.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { House, axe, check, same, sent, tab, tabTo } from './house.mjs';

const WORDS = ['attention', 'sinks', 'caches', 'decoding', 'context', 'layers', 'tokens', 'prompts', 'heads', 'gradients'];

function papers() {
    const out = [];
    for (let i = 0; i < 40; i++) {
        const [a, b, c] = [WORDS[i % 10], WORDS[(i + 3) % 10], WORDS[(i * 7 + 1) % 10]];
        out.push({ venue: 'arxiv', year: 2026, id: `2611.${String(10000 + i)}`, title: `On ${a} and ${b}, ten labs compared (${i + 1})`,
            abstract: `We look at ${a} beside ${b}. The ${c} carry no content in ${i + 2} of the models. Nothing else was changed.`,
            authors: 'Ada Noether; Wei Zhang; Jo Marsh; Mara Lind', date: `2026-11-${String(2 + i % 14).padStart(2, '0')}`, categories: ['cs.LG'] });
    }
    out[3].title = '<script>document.title = "owned"</script> attention & "sinks"';
    return out.map(p => JSON.stringify(p)).join('\n') + '\n';
}

const DRAFT = '\\title{Attention sinks in small caches}\n\\begin{abstract}We ask where attention sinks stand in small caches, and what tokens and layers carry ' +
    'when decoding goes on over a long context. Heads differ; gradients do not.\\end{abstract}\n';

async function inside(lang, options, work) {
    const house = new House({ thesis: [] });
    try {
        const draft = join(house.src, 'thesis', 'sinks.tex');
        writeFileSync(join(house.dir, 'papers.jsonl'), papers());
        writeFileSync(draft, DRAFT);
        house.run('papers', 'import', join(house.dir, 'papers.jsonl'), '--quiet');
        house.run('papers', 'near', draft, '--pin');
        const node = await (await house.node('--lang', lang)).login();
        const page = await tab(node, options);
        await work({ house, node, page, draft });
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
    await page.screenshot({ path: join(folder, `near-${name}.png`), fullPage: true });
}

const tests = {};
for (const lang of ['en', 'zh'])
    tests[`axe finds nothing serious on Near, sorted, compared and without its file, and nothing scrolls sideways (${lang})`] = () =>
        inside(lang, { viewport: { width: 900, height: 1000 } }, async ({ page, draft }) => {
            const bad = [];
            const look = async (name, path) => {
                for (const colorScheme of ['light', 'dark']) {
                    await page.emulateMedia({ colorScheme });
                    await page.setViewportSize({ width: 900, height: 1000 });
                    await page.open(path);
                    bad.push(...(await axe(page)).map(fault => `${name}, ${colorScheme}: ${fault}`));
                    await shoot(page, `${lang}-${colorScheme}-${name}`);
                    await page.setViewportSize({ width: 320, height: 640 });
                    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
                    if (over > 0)
                        bad.push(`${name}: ${over} px too wide`);
                    check(await page.title() !== 'owned', 'a title became markup');
                }
            };
            await look('draft', '/near');
            same(await page.locator('ul.papers > li').count(), 10, 'ten are shown');
            await page.setViewportSize({ width: 900, height: 1000 });
            for (const at of [0, 1, 5])
                await sent(page, () => page.locator('ul.papers > li').nth(at).locator('button').nth(at % 3).click());
            await look('sorted', '/near');
            same(await page.locator('.three section').count(), 3, 'three columns');
            await look('compare', await page.locator('a.more').first().getAttribute('href'));
            rmSync(draft);
            await look('gone', '/near');
            same(await page.locator('ul.papers').count(), 0, 'nothing is listed without the draft');
            same(bad, [], lang);
        });

tests['a paper is sorted and compared by the keyboard alone, and the path is forgotten'] = () => inside('en', {}, async ({ page }) => {
    const press = async wanted => {
        await tabTo(page, wanted);
        await sent(page, () => page.keyboard.press('Enter'));
    };
    await page.open('/moved');
    await press(/^Near$/);
    await press(/^Method$/);
    same(await page.getByRole('button', { name: 'Method' }).first().getAttribute('aria-pressed'), 'true', 'the button is pressed');
    check(/Same method/.test(await page.locator('.three').innerText()), 'it stands in its column');
    await press(/^Method$/);
    same(await page.locator('.three').count(), 0, 'pressed again, it is taken out');
    await press(/^Compare side by side$/);
    check((await page.locator('.two').innerText()).includes('Attention sinks in small caches'), 'the draft is beside it');
    await press(/^Back to the list$/);
    await press(/^Forget this path$/);
    check((await page.locator('main').innerText()).includes('Which papers here are near'), 'no draft is pinned');
});

tests['Near says what it misses and why there are no odds, and is the same without script'] = () => inside('en', {}, async ({ node, page, draft }) => {
    await page.open('/near');
    const text = await page.locator('main').innerText();
    check(/These are the nearest of 40 papers\. On 120 known cases .* so it misses \d+ %\./.test(text), text);
    check(text.includes('Odds are said from 5,000 papers on'), text);
    check(!/odds that it is|safe|novel|no match/i.test(text), text);
    check(/shares .*“sinks”/.test(text), text);
    same(await page.locator('mark').first().evaluate(e => getComputedStyle(e).color !== getComputedStyle(e).backgroundColor), true, 'shared words can be read');
    const bare = await tab(node, { javaScriptEnabled: false });
    await bare.open('/near');
    same(await bare.locator('main').innerText(), text, 'without script');
    await sent(bare, () => bare.getByRole('button', { name: 'Claim' }).first().click());
    same(await bare.getByRole('button', { name: 'Claim' }).first().getAttribute('aria-pressed'), 'true', 'sorted');
    await bare.leave();
    rmSync(draft);
    await page.open('/near');
    const gone = await page.locator('main').innerText();
    check(gone.includes('sinks.tex is not there.') && !/These are the nearest/.test(gone), gone);
    check(await page.getByRole('button', { name: 'Forget this path' }).isVisible(), 'its path can be forgotten');
});

export default tests;
