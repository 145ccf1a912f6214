// axe on every page, in both themes and both languages, before and after the first choice; 320 px and 400 % zoom without sideways scroll.
import { House, allPaths, axe, check, picture, same, tab } from './house.mjs';

async function eachPage(options, lang, before, visit) {
    const house = new House();
    try {
        const node = await (await house.node('--lang', lang)).login();
        const page = await tab(node, options);
        if (!before)
            await picture(page);
        const paths = await allPaths(page, node);
        check(paths.length >= 4, `only these pages were found: ${paths}`);
        const bad = [];
        for (const path of [...paths, '/nothing-here']) {
            await page.open(path);
            for (const fault of await visit(page, path))
                bad.push(`${path}: ${fault}`);
        }
        same(bad, [], `${lang}, ${options.colorScheme || 'light'}`);
        await page.leave();
    } finally {
        await house.close();
    }
}

const tests = {};
for (const lang of ['en', 'zh']) {
    for (const colorScheme of ['light', 'dark']) {
        tests[`axe finds nothing serious on any page (${lang}, ${colorScheme})`] = () => eachPage({ colorScheme }, lang, false, axe);
        tests[`axe finds nothing serious on the first page (${lang}, ${colorScheme})`] = () => eachPage({ colorScheme }, lang, true, axe);
    }
}

const sideways = async page => {
    const wide = await page.evaluate(() => {
        const limit = document.documentElement.clientWidth;
        const inside = e => { for (let p = e.parentElement; p; p = p.parentElement) if (/auto|scroll|hidden/.test(getComputedStyle(p).overflowX)) return true; return false; };
        return { over: document.documentElement.scrollWidth - limit,
                 who: [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > limit + 1 && !inside(e)).slice(0, 3).map(e => e.outerHTML.slice(0, 120)) };
    });
    return wide.over > 0 ? [`${wide.over} px too wide: ${wide.who.join(' | ')}`] : [];
};
for (const lang of ['en', 'zh']) {
    tests[`no page scrolls sideways at 320 px (${lang})`] = () => eachPage({ viewport: { width: 320, height: 640 } }, lang, false, sideways);
    tests[`the first page does not scroll sideways at 320 px (${lang})`] = () => eachPage({ viewport: { width: 320, height: 640 } }, lang, true, sideways);
}
// 400 % of a 1280 x 1024 window leaves 320 x 256 CSS pixels, each four device pixels wide.
tests['no page scrolls sideways at 400 % zoom'] = () => eachPage({ viewport: { width: 320, height: 256 }, deviceScaleFactor: 4 }, 'en', false, sideways);
tests['large text of the reader does not break a page'] = () => eachPage({ viewport: { width: 640, height: 800 } }, 'en', false, async page => {
    await page.evaluate(() => {
        const sheet = new CSSStyleSheet();
        sheet.replaceSync('html{font-size:200%}');
        document.adoptedStyleSheets = [sheet];
    });
    return sideways(page);
});
tests['a page is readable when no style is loaded'] = async () => {
    const house = new House();
    try {
        const node = await (await house.node()).login();
        const page = await tab(node);
        await page.route('**/*.css', route => route.fulfill({ status: 200, contentType: 'text/css', body: '' }));
        await picture(page);
        const text = await page.locator('main').innerText();
        check(/What I cannot see/.test(text), text.slice(0, 300));
    } finally {
        await house.close();
    }
};
export default tests;
