// node test/ui/pictures.mjs FOLDER: every page as a PNG, in both themes and both languages, before and after the first choice:
// FOLDER/en-light-rest.png and so on. README's picture is en-light-rest-hours.png of such a run.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { House, allPaths, closeChrome, picture, tab } from './house.mjs';

const folder = process.argv[2];
if (!folder) {
    console.error('usage: node test/ui/pictures.mjs FOLDER');
    process.exit(2);
}
mkdirSync(folder, { recursive: true });
const name = path => path === '/' ? 'this-week' : path.replace(/^\//, '').replace(/[^\w-]+/g, '-');
let made = 0;
for (const lang of ['en', 'zh']) {
    const house = new House();
    const node = await (await house.node('--lang', lang)).login();
    for (const before of [true, false])
        for (const colorScheme of ['light', 'dark']) {
            const page = await tab(node, { colorScheme, viewport: { width: 900, height: 1000 } });
            if (!before)
                await picture(page);
            for (const path of before ? ['/'] : await allPaths(page, node)) {
                await page.open(path);
                await page.screenshot({ path: join(folder, `${lang}-${colorScheme}-${before ? 'first-page' : name(path)}.png`), fullPage: true });
                made++;
            }
            await page.leave();
        }
    await house.close();
}
await closeChrome();
console.log(`${made} pictures in ${folder}`);
