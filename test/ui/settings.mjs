// Look and language: chosen once, rendered by the server, there again after a restart, without a flash and without script.
import { House, check, sent, tab } from './house.mjs';

async function settingsPath(page) {
    await page.open('/');
    const link = page.getByRole('link', { name: /Settings|设置/ }).first();
    return new URL(await link.evaluate(a => a.href)).pathname;
}

// Choose `name` among the radio buttons under the heading `legend`, and keep it.
async function choose(page, legend, name) {
    await page.open(await settingsPath(page));
    const group = page.getByRole('group', { name: legend });
    await group.getByRole('radio', { name }).check();
    await sent(page, () => group.getByRole('button').last().click());
}

const theme = page => page.evaluate(() => ({ attribute: document.documentElement.dataset.theme || 'auto', ground: getComputedStyle(document.documentElement).backgroundColor }));

export default {
    'dark, light and as the system survive a restart': async () => {
        const house = new House();
        try {
            let node = await (await house.node()).login();
            for (const [name, want, ground] of [[/^dark/i, 'dark', 'rgb(21, 24, 27)'], [/^light/i, 'light', 'rgb(246, 244, 239)'], [/system/i, 'auto', 'rgb(246, 244, 239)']]) {
                let page = await tab(node, { colorScheme: 'light' });
                await choose(page, /Look|外观/, name);
                await page.open('/');
                check((await theme(page)).attribute.replace('system', 'auto') === want, `${JSON.stringify(await theme(page))} after choosing ${want}`);
                await page.leave();
                await node.stop();
                node = await (await house.node()).login();
                page = await tab(node, { colorScheme: 'light' });
                await page.open('/');
                const got = await theme(page);
                check(got.ground === ground, `${want}: ${JSON.stringify(got)} after the restart`);
                await page.leave();
            }
            const page = await tab(node, { colorScheme: 'dark' });
            await page.open('/');
            check((await theme(page)).ground === 'rgb(21, 24, 27)', 'as the system: dark system, other page');
            await page.leave();
        } finally {
            await house.close();
        }
    },

    'the language survives a restart, and the page says which it is': async () => {
        const house = new House();
        try {
            let node = await (await house.node()).login();
            let page = await tab(node);
            await choose(page, /Language|语言/, /ZH|中文/);
            await page.leave();
            await node.stop();
            node = await (await house.node()).login();
            page = await tab(node);
            await page.open('/');
            check(await page.evaluate(() => document.documentElement.lang) === 'zh-Hans', 'lang');
            check((await page.content()).includes('这个页面只存在于你的电脑上') || (await page.content()).includes('本周'), 'Chinese words');
            await choose(page, /Language|语言/, /EN|English/);
            await page.open('/');
            check(await page.evaluate(() => document.documentElement.lang) === 'en', 'back to English');
            await page.leave();
        } finally {
            await house.close();
        }
    },

    'the switch of languages in the foot works on each page': async () => {
        const house = new House();
        try {
            const node = await (await house.node()).login();
            const page = await tab(node);
            await page.open('/');
            const control = page.locator('footer').getByRole('button', { name: /ZH|中文/ }).or(page.locator('footer').getByRole('link', { name: /ZH|中文/ }));
            check(await control.count(), 'there is none');
            await sent(page, () => control.first().click());
            await page.open('/');
            check(await page.evaluate(() => document.documentElement.lang) === 'zh-Hans', 'it does nothing');
            await page.leave();
        } finally {
            await house.close();
        }
    },

    'single-key shortcuts can be switched off, and then do nothing': async () => {
        const house = new House();
        try {
            const node = await (await house.node()).login();
            const page = await tab(node);
            await page.open('/help');
            await page.keyboard.press('g');
            await page.keyboard.press('r');
            await page.waitForURL(node.url + '/rest', { timeout: 5000 });
            await page.open('/settings');
            await page.locator('input[type=text]').first().focus();
            await page.keyboard.type('gr');
            await page.waitForTimeout(300);
            check(new URL(page.url()).pathname === '/settings', 'letters typed into a field are letters');
            await choose(page, /shortcut/i, /^off/i);
            await page.open('/help');
            await page.keyboard.press('g');
            await page.keyboard.press('r');
            await page.waitForTimeout(500);
            check(new URL(page.url()).pathname === '/help', 'they are switched off and lead somewhere');
            await page.leave();
        } finally {
            await house.close();
        }
    },
};
