// Printed, This week is one A4 page without navigation, in black on white whatever the theme.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { House, check, picture, tab } from './house.mjs';

async function printed(colorScheme, path) {
    const house = new House();
    try {
        const node = await (await house.node()).login();
        const page = await tab(node, { colorScheme });
        await picture(page);
        await page.open(path || '/');
        const file = join(house.dir, 'page.pdf');
        writeFileSync(file, await page.pdf({ format: 'A4', preferCSSPageSize: true }));
        const pages = +/Pages:\s+(\d+)/.exec(execFileSync('pdfinfo', [file]).toString())[1];
        const text = execFileSync('pdftotext', ['-layout', file, '-']).toString();
        await page.emulateMedia({ media: 'print' });
        const look = await page.evaluate(() => ({ nav: [...document.querySelectorAll('nav')].some(n => n.offsetParent), ground: getComputedStyle(document.body).backgroundColor, ink: getComputedStyle(document.body).color }));
        await page.leave();
        return { pages, text, look };
    } finally {
        await house.close();
    }
}

const tests = {};
for (const theme of ['light', 'dark'])
    tests[`This week is one A4 page (${theme})`] = async () => {
        const { pages, text, look } = await printed(theme);
        check(pages === 1, `${pages} pages`);
        check(/That is all|The rest will keep/.test(text), 'the end line is not on it');
        check(!look.nav && !/What moved\s+Lab\s+Help now/.test(text), 'the navigation is printed');
        check(/rgb\(255, 255, 255\)|rgba\(0, 0, 0, 0\)/.test(look.ground), `printed on ${look.ground}`);
        const dark = look.ink.match(/\d+/g).slice(0, 3).every(c => +c < 80);
        check(dark, `printed in ${look.ink}`);
    };
export default tests;
