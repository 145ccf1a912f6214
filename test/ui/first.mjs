// The first five minutes in a browser: with a mouse, with the keyboard alone, with script switched off.
import { House, allPaths, check, sent, someWeeks, tab, untilPicture } from './house.mjs';

async function inHouse(options, work, repos) {
    const house = new House(repos);
    try {
        const node = await house.node();
        await work(node, house, options);
    } finally {
        await house.close();
    }
}

// The element that has the focus, and whether that can be seen: an outline or a shadow at least 2 px wide in a colour that is not clear.
const focus = () => {
    const e = document.activeElement;
    if (!e || e === document.body)
        return null;
    const s = getComputedStyle(e), r = e.getBoundingClientRect();
    const ring = s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2 && !/rgba\(0, 0, 0, 0\)/.test(s.outlineColor);
    const label = e.labels && e.labels[0] ? getComputedStyle(e.labels[0]) : null;
    const labelRing = label && label.outlineStyle !== 'none' && parseFloat(label.outlineWidth) >= 2;
    return { name: (e.innerText || e.value || e.getAttribute('aria-label') || '').trim(), tag: e.tagName, type: e.type || '', visible: (ring || !!labelRing || s.boxShadow !== 'none') && r.width > 0 && r.height > 0 };
};

// For parts that the browser itself draws (the picker inside a time field): the focused element looks different once it is left.
async function looksDifferent(page) {
    const clip = await page.evaluate(() => {
        const r = document.activeElement.getBoundingClientRect();
        return { x: Math.max(0, r.x - 8), y: Math.max(0, r.y - 8), width: r.width + 16, height: r.height + 16 };
    });
    const before = await page.screenshot({ clip });
    await page.keyboard.press('Tab');
    const after = await page.screenshot({ clip });
    await page.keyboard.press('Shift+Tab');
    return Buffer.compare(before, after) !== 0;
}

export default {
    'the printed address logs in, leaves no key in the address bar, and shows the first page': () => inHouse({}, async node => {
        const page = await tab(node);
        await page.goto(`${node.url}/?key=${node.key}`);
        await page.waitForURL(url => !url.search.includes('key='), { timeout: 10000 });
        await page.waitForSelector('text=This page lives on your computer');
        const cookies = await page.context().cookies();
        check(cookies.length === 1 && cookies[0].httpOnly && cookies[0].sameSite === 'Strict', JSON.stringify(cookies));
        await page.leave();
    }),

    'the counts stand in one column beside the boxes, however long the names are, at 320 px too': () => inHouse({}, async node => {
        await node.login();
        for (const width of [320, 1100]) {
            const page = await tab(node, { viewport: { width, height: 900 } });
            await page.open('/');
            const rows = await page.$$eval('.choices li:has(.count)', all => all.map(li => {
                const box = e => { const r = li.querySelector(e).getBoundingClientRect(); return [r.left, r.top, r.right, r.bottom].map(Math.round); };
                return { label: box('label'), count: box('.count') };
            }));
            check(rows.length === 3, `${rows.length} repositories`);
            for (const { label, count } of rows) {
                check(count[0] >= label[2], `${width} px: a count under or over a name: ${JSON.stringify(rows)}`);
                check(count[1] < label[3] && count[3] > label[1], `${width} px: a count is not beside its name: ${JSON.stringify(rows)}`);
                check(count[0] === rows[0].count[0] && count[2] === rows[0].count[2], `${width} px: no column: ${JSON.stringify(rows)}`);
                check(count[2] <= width, `${width} px: a count outside: ${JSON.stringify(rows)}`);
            }
            check(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${width} px: it scrolls sideways`);
            await page.leave();
        }
    }, { thesis: someWeeks(20, 99), ['a-name-that-never-ends-'.repeat(8)]: someWeeks(26), ['x'.repeat(120)]: someWeeks(4) }),

    'keyboard alone leads from the first page to the picture, and the focus can always be seen': () => inHouse({}, async node => {
        await node.login();
        const page = await tab(node);
        await page.open('/');
        const seen = [];
        for (let i = 0; i < 80; i++) {
            await page.keyboard.press('Tab');
            const at = await page.evaluate(focus);
            if (!at)
                continue;
            seen.push(at.name || at.tag);
            check(at.visible || await looksDifferent(page), `the focus on ${at.tag} "${at.name.slice(0, 40)}" cannot be seen`);
            if (i === 0)
                check(/skip/i.test(at.name), `the first stop is "${at.name}", not the way past the navigation`);
            if (/Show my last 12 weeks/.test(at.name)) {
                await sent(page, () => page.keyboard.press('Enter'));
                break;
            }
            check(i < 79, `the button was never reached: ${seen.join(' | ')}`);
        }
        await page.waitForLoadState();
        await untilPicture(page);
        check(await page.locator('main svg').count(), 'the picture never came');
        for (let i = 0; i < 60; i++) {
            await page.keyboard.press('Tab');
            const at = await page.evaluate(focus);
            check(!at || at.visible || await looksDifferent(page), `the focus on "${at?.name}" cannot be seen`);
            if (at && /Show as a table/.test(at.name)) {
                await page.keyboard.press('Enter');
                break;
            }
            check(i < 59, 'the table was never reached');
        }
        check(await page.locator('details[open] table').count(), 'Enter did not open the table');
        await page.leave();
    }),

    'the way past the navigation works': () => inHouse({}, async node => {
        await node.login();
        const page = await tab(node);
        await page.open('/');
        await page.keyboard.press('Tab');
        await page.keyboard.press('Enter');
        await page.keyboard.press('Tab');
        const inside = await page.evaluate(() => !!document.activeElement.closest('main'));
        check(inside, 'the next stop is not in the page');
        await page.leave();
    }),

    'with script switched off everything is read, chosen and posted': () => inHouse({ javaScriptEnabled: false }, async (node, house, options) => {
        await node.login();
        const page = await tab(node, options);
        await page.open('/');
        const boxes = page.locator('main input[type=checkbox]:checked');
        check(await boxes.count() >= 1, 'no repository is offered');
        await sent(page, () => page.getByRole('button', { name: 'Show my last 12 weeks' }).click());
        await untilPicture(page);
        check(await page.locator('main svg').count(), 'the picture never came');
        await page.getByText('Show as a table').first().click();
        check(await page.locator('details[open] table').count(), 'the table did not open');
        await sent(page, () => page.getByRole('button', { name: 'About right' }).click());
        check(!(await page.content()).includes('Does this look about right'), 'the answer was not taken');
        for (const path of ['/', ...new Set(await page.locator('nav a').evaluateAll(all => all.map(a => a.getAttribute('href'))))])
            check((await page.open(path)).status() === 200, path);
        await page.leave();
    }),

    'a repository that is unticked stays out': () => inHouse({}, async node => {
        await node.login();
        const page = await tab(node);
        await page.open('/');
        const box = page.locator('main input[type=checkbox]:checked').first();
        await box.uncheck();
        await sent(page, () => page.getByRole('button', { name: 'Show my last 12 weeks' }).click());
        await untilPicture(page);
        const page2 = await page.content();
        check(/<svg/.test(page2), 'no picture');
        await page.leave();
    }),

    'example data is marked on each page and clears': () => inHouse({}, async node => {
        await node.login();
        const page = await tab(node);
        await page.open('/');
        await sent(page, () => page.getByRole('button', { name: /example data/ }).first().click());
        await untilPicture(page);
        for (const path of await allPaths(page, node)) {
            await page.open(path);
            check((await page.locator('body').innerText()).includes('Nothing here is about you'), path);
        }
        await sent(page, () => page.getByRole('button', { name: /Clear it/ }).click());
        await page.open('/');
        check(!(await page.locator('body').innerText()).includes('Nothing here is about you'), 'it did not clear');
        await page.leave();
    }, {}),
};
