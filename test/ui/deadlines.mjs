// Deadlines and the calendar feed: both pages in both languages and themes, narrow, by the keyboard alone, without script. Pictures when
// RESPITE_PICTURES names a folder.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { House, axe, check, same, sent, tab, tabTo } from './house.mjs';

const LIST = [['NeurIPS', 2027, 'neurips27', '2027-05-13 23:59:00', 'UTC-12', '2027-05-06 23:59:00', 'Sydney, Australia'],
    ['ICML', 2027, 'icml27', '2027-01-28 23:59:59', 'AoE', '', 'Seoul'],
    ['IROS', 2027, 'iros27', '2027-03-01 23:59:59', 'America/Los_Angeles', '', ''],
    ['A Workshop with a Name so Long that It has to Break Somewhere, on Everything that is Near to It', 2027, '', '2026-12-04 23:59:59', 'Nowhere', '', ''],
    ['<script>document.title="owned"</script>', 2027, 'markup', '2026-12-11 12:00', 'UTC', '', '']];
const yaml = LIST.map(([title, year, id, deadline, zone, abstract, place]) => `- title: '${title}'\n  year: ${year}\n  id: '${id}'\n  deadline: '${deadline}'\n` +
    (abstract ? `  abstract_deadline: '${abstract}'\n` : '') + `  timezone: ${zone}\n  place: '${place}'\n`).join('');

async function inside(lang, options, work) {
    const house = new House();
    try {
        const file = join(house.dir, 'deadlines.yml');
        writeFileSync(file, yaml);
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
    tests[`axe finds nothing serious on deadlines and the feed, and nothing scrolls sideways (${lang})`] = () =>
        inside(lang, { locale: lang === 'zh' ? 'zh-CN' : 'en-GB', viewport: { width: 900, height: 1000 } }, async ({ house, page }) => {
            const bad = [];
            for (const state of ['before', 'after']) {
                if (state === 'after') {
                    house.run('papers', 'deadlines', 'NeurIPS', 'ICML', '--quiet');
                    house.run('papers', 'deadlines', '--pin', 'icml27', '--quiet');
                    house.run('rest', 'feed', 'on', '--quiet');
                }
                for (const colorScheme of ['light', 'dark'])
                    for (const path of ['/deadlines', '/settings']) {
                        await page.emulateMedia({ colorScheme });
                        await page.setViewportSize({ width: 900, height: 1000 });
                        await page.open(path);
                        for (const fault of await axe(page))
                            bad.push(`${state} ${path}: ${fault}`);
                        await shoot(page, `${lang}-${colorScheme}-${state}${path.replace('/', '-')}`);
                        await page.setViewportSize({ width: 320, height: 640 });
                        const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
                        if (over > 0)
                            bad.push(`${state} ${path}: ${over} px too wide`);
                        check(await page.title() !== 'owned', 'a title became markup');
                    }
            }
            same(bad, [], lang);
        });

tests['venues are chosen and an edition is followed by the keyboard alone'] = () => inside('en', {}, async ({ page }) => {
    await page.open('/deadlines');
    await tabTo(page, /^ICML$/);
    await page.keyboard.press('Space');
    await tabTo(page, /^Keep$/);
    await sent(page, () => page.keyboard.press('Enter'));
    check(!(await page.locator('main').innerText()).includes('IROS 2027'), 'what was not chosen is not shown');
    await tabTo(page, /^Follow/);
    await sent(page, () => page.keyboard.press('Enter'));
    same(await page.getByRole('button', { name: 'Follow ICML 2027' }).getAttribute('aria-pressed'), 'true', 'followed');
});

tests['the page is the same without script, ends, and nothing on it runs or nags'] = () => inside('en', {}, async ({ node, page }) => {
    await page.open('/deadlines');
    const text = await page.locator('main').innerText();
    check(text.includes('working days'), text);
    check(text.trim().endsWith('That is all.'), text);
    check(!/\b(only|still|hurry|seconds|missed)\b|!/i.test(text), text);
    const bare = await tab(node, { javaScriptEnabled: false });
    await bare.open('/deadlines');
    same(await bare.locator('main').innerText(), text, 'without script');
    await bare.open('/settings');
    await sent(bare, () => bare.getByRole('button', { name: 'Turn it on' }).click());
    check(/^http:\/\/127\.0\.0\.1:\d+\/feed\/[0-9a-f]{32}\.ics$/.test(await bare.locator('.address').innerText()), 'no address');
    await bare.leave();
});

export default tests;
