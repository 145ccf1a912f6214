// Calm: declining is as easy as agreeing, targets are large, nothing moves, nothing pops up, no page grows by being scrolled.
import { House, allPaths, check, picture, same, sent, tab } from './house.mjs';

async function visit(work, before) {
    const house = new House();
    try {
        const node = await (await house.node()).login();
        const page = await tab(node);
        if (!before)
            await picture(page);
        for (const path of await allPaths(page, node)) {
            await page.open(path);
            await work(page, path);
        }
        await page.leave();
    } finally {
        await house.close();
    }
}

export default {
    'buttons that answer one question have one size and one class of contrast': () => visit(async (page, path) => {
        const groups = await page.evaluate(() => {
            const all = [...document.querySelectorAll('main button, main input[type=submit], main a.button')].filter(b => b.offsetParent);
            const rows = new Map();
            for (const b of all) {
                const r = b.getBoundingClientRect(), s = getComputedStyle(b), key = Math.round(r.top);
                rows.set(key, [...(rows.get(key) || []), { name: b.innerText || b.value, height: Math.round(r.height), size: s.fontSize, weight: s.fontWeight }]);
            }
            return [...rows.values()].filter(r => r.length > 1);
        });
        for (const row of groups)
            check(new Set(row.map(b => `${b.height} ${b.size} ${b.weight}`)).size === 1, `${path}: ${JSON.stringify(row)}`);
    }),

    'About right and Not really weigh the same': async () => {
        const house = new House();
        try {
            const node = await (await house.node()).login();
            const page = await tab(node);
            await picture(page);
            const sizes = [];
            for (const name of ['About right', 'Not really']) {
                const b = page.getByRole('button', { name });
                check(await b.count() === 1, `no button "${name}"`);
                sizes.push(await b.evaluate(e => { const s = getComputedStyle(e); return [Math.round(e.getBoundingClientRect().height), s.fontSize, s.fontWeight, s.borderStyle, s.color, s.backgroundColor].join(' '); }));
            }
            same(sizes[0], sizes[1], 'their looks');
            await sent(page, () => page.getByRole('button', { name: 'Not really' }).click());
            const text = await page.locator('main').innerText();
            check(!/are you sure|why/i.test(text), 'a second question follows');
            await page.leave();
        } finally {
            await house.close();
        }
    },

    'targets are at least 44 px high or wide, links in running text apart': () => visit(async (page, path) => {
        const small = await page.evaluate(() => [...document.querySelectorAll('button, input:not([type=hidden]), select, summary, nav a')].filter(e => e.offsetParent).map(e => {
            const own = e.getBoundingClientRect(), label = e.labels && e.labels[0] ? e.labels[0].getBoundingClientRect() : own;
            return { what: e.outerHTML.slice(0, 80), height: Math.round(Math.max(own.height, label.height)), width: Math.round(Math.max(own.width, label.width)) };
        }).filter(t => t.height < 43.5));
        same(small, [], path);
    }, true),

    'nothing moves': () => visit(async (page, path) => {
        const moving = await page.evaluate(() => {
            const found = document.getAnimations().length ? [`${document.getAnimations().length} animations`] : [];
            for (const e of document.querySelectorAll('*')) {
                const s = getComputedStyle(e);
                if (s.animationName !== 'none' || (s.transitionDuration.split(',').some(d => parseFloat(d) > 0)) || s.scrollBehavior === 'smooth')
                    found.push(e.outerHTML.slice(0, 80));
            }
            if (document.querySelector('marquee, blink, video, animate, animateTransform, animateMotion, set'))
                found.push('a moving element');
            return found.slice(0, 5);
        });
        same(moving, [], path);
        const first = await page.screenshot();
        await page.waitForTimeout(400);
        check(Buffer.compare(first, await page.screenshot()) === 0, `${path}: the page changes by itself`);
    }),

    'no page asks to notify, stores anything or grows by being scrolled': () => visit(async (page, path) => {
        const got = await page.evaluate(async () => {
            const before = document.documentElement.scrollHeight;
            window.scrollTo(0, 1e6);
            await new Promise(done => setTimeout(done, 300));
            return { grown: document.documentElement.scrollHeight - before, stored: localStorage.length + sessionStorage.length,
                     workers: (await navigator.serviceWorker?.getRegistrations?.())?.length || 0, cookies: document.cookie };
        });
        same(got, { grown: 0, stored: 0, workers: 0, cookies: '' }, path);
    }),

    'a page is at most 72 characters wide': () => visit(async (page, path) => {
        const long = await page.evaluate(() => {
            const probe = document.createElement('span');
            probe.textContent = '0'.repeat(10);
            return [...document.querySelectorAll('main p')].map(p => {
                p.append(probe);
                const ch = probe.getBoundingClientRect().width / 10;
                probe.remove();
                return Math.round(p.getBoundingClientRect().width / ch);
            }).filter(n => n > 90);
        });
        same(long, [], path);
    }),

    'Help now opens from each page and makes no request of its own': async () => {
        const house = new House();
        try {
            const node = await (await house.node()).login();
            const page = await tab(node);
            const asked = [];
            page.on('request', r => asked.push(r.url()));
            await page.open('/');
            await page.getByRole('link', { name: 'Help now' }).first().click();
            await page.waitForLoadState();
            const text = await page.locator('main').innerText();
            check(text.includes('You do not have to be sure it is serious'), text.slice(0, 200));
            same(asked.filter(u => !u.startsWith(node.url)), [], 'requests');
            await page.leave();
        } finally {
            await house.close();
        }
    },
};
