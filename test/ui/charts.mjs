// Charts: one sentence, a picture named by it, and a table with the same numbers; readable to a screen reader, in both themes.
import { House, PICTURE, check, picture, tab } from './house.mjs';

async function withPicture(work) {
    const house = new House();
    try {
        const node = await (await house.node()).login();
        const page = await tab(node);
        await picture(page);
        await work(page, house, node);
        await page.leave();
    } finally {
        await house.close();
    }
}

// Every page that holds a chart.
async function chartPages(page, node) {
    const found = [];
    for (const path of ['/', PICTURE, ...new Set(await page.locator('nav a, main a').evaluateAll(all => all.map(a => a.getAttribute('href')).filter(h => h && h.startsWith('/'))))]) {
        await page.open(path);
        if (await page.locator('main svg[role=img]').count())
            found.push(path);
    }
    check(found.length, 'no page holds a chart with role=img');
    return found;
}

export default {
    'each chart has a name, a sentence and a table': () => withPicture(async (page, house, node) => {
        for (const path of await chartPages(page, node)) {
            await page.open(path);
            const charts = await page.locator('main svg[role=img]').evaluateAll(all => all.map(svg => {
                const id = svg.getAttribute('aria-labelledby');
                const name = svg.getAttribute('aria-label') || (id && id.split(' ').map(i => document.getElementById(i)?.textContent).join(' ')) || svg.querySelector('title')?.textContent;
                const box = svg.closest('figure') || svg.closest('section') || svg.parentElement;
                return { name: (name || '').trim(), tables: box.querySelectorAll('details table').length, heads: box.querySelectorAll('details th[scope]').length };
            }));
            for (const chart of charts) {
                check(/\w.*\./s.test(chart.name), `${path}: a chart without a sentence: ${JSON.stringify(chart)}`);
                check(chart.tables >= 1 && chart.heads >= 2, `${path}: a chart without a table: ${JSON.stringify(chart)}`);
            }
        }
    }),

    'the punch card and its table hold the same numbers': () => withPicture(async page => {
        await page.open(PICTURE);
        const got = await page.evaluate(() => {
            const box = document.querySelector('main figure.punch');
            const rows = [...box.querySelector('details table').querySelectorAll('tbody tr, tr')].filter(r => r.querySelector('td'));
            const cells = rows.flatMap(r => [...r.querySelectorAll('td')].map(c => parseInt(c.textContent, 10) || 0));
            return { cells: cells.filter(n => n > 0).length, rows: rows.length, circles: box.querySelectorAll('svg[role=img] circle').length };
        });
        check(got.rows >= 7, `a table of ${got.rows} rows`);
        check(got.cells === got.circles, `${got.circles} dots, ${got.cells} numbers in the table`);
    }),

    'the numbers are those of the terminal': () => withPicture(async (page, house, node) => {
        const want = JSON.parse(house.run('hours', '--json', house.src)).weeks.map(w => w.signs).filter(n => n);
        for (const path of await chartPages(page, node)) {
            await page.open(path);
            const tables = await page.locator('main table').evaluateAll(all => all.map(t => [...t.querySelectorAll('tr')].map(r => parseInt(r.querySelector('td')?.textContent, 10)).filter(n => n > 0)));
            if (tables.some(t => want.every(n => t.includes(n))))
                return;
        }
        throw new Error(`no table holds the signs ${want}`);
    }),

    'dots inside the kept hours and outside them differ in shape, not in colour alone': () => withPicture(async page => {
        await page.open(PICTURE);
        const styles = await page.locator('main svg[role=img] circle').evaluateAll(all => [...new Set(all.map(c => getComputedStyle(c).stroke === 'none' ? 'dot' : 'ring'))]);
        check(styles.includes('ring') && styles.includes('dot'), `only ${styles}`);
    }),

    'no chart stands on a ground that its colours do not carry': () => withPicture(async (page, house, node) => {
        for (const path of await chartPages(page, node)) {
            await page.open(path);
            const grounds = await page.locator('main svg[role=img]').evaluateAll(all => all.map(svg => {
                for (let e = svg; e; e = e.parentElement) {
                    const c = getComputedStyle(e).backgroundColor;
                    if (!/rgba\(0, 0, 0, 0\)|transparent/.test(c))
                        return c;
                }
                return 'none';
            }));
            for (const ground of grounds)
                check(['rgb(255, 253, 249)', 'rgb(255, 255, 255)'].includes(ground), `${path}: a chart on ${ground}, not on --surface or --raised`);
        }
    }),
};
