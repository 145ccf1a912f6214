// The first page within 5 s on 20,000 commits, and the page's weight.
import { spawnSync } from 'node:child_process';
import { House, NOW, check, picture, tab } from './house.mjs';

export default {
    'the first page and the picture come within 5 s on 20,000 commits': async () => {
        const times = Array.from({ length: 20000 }, (_, i) => NOW - 3600 - i * 1900).reverse();
        const house = new House({ large: times });
        try {
            spawnSync('git', ['-C', `${house.src}/large`, 'gc', '-q']);
            let began = Date.now();
            const node = await (await house.node()).login();
            const reply = await fetch(node.url + '/', { headers: { cookie: `${node.cookie.name}=${node.cookie.value}` } });
            const text = await reply.text();
            const first = (Date.now() - began) / 1000;
            check(text.includes('large'), text.slice(0, 300));
            check(first < 5, `the first page took ${first.toFixed(2)} s`);
            const page = await tab(node);
            began = Date.now();
            await picture(page);
            const second = (Date.now() - began) / 1000;
            check(second < 5, `the picture took ${second.toFixed(2)} s`);
            await page.leave();
        } finally {
            await house.close();
        }
    },

    'This week with all it loads stays under 60 kB and asks nobody else': async () => {
        const house = new House();
        try {
            const node = await (await house.node()).login();
            const page = await tab(node);
            await picture(page);
            const bodies = [];
            page.on('response', r => bodies.push(r.body()));
            await page.open('/');
            await page.waitForLoadState('networkidle');
            const bytes = (await Promise.all(bodies)).reduce((sum, b) => sum + b.length, 0);
            check(bytes > 1000 && bytes < 60000, `${bytes} bytes`);
            await page.leave();
        } finally {
            await house.close();
        }
    },
};
