// Contrast of web/theme.css by the WCAG 2 formula: text at least 4.5 on the four surfaces, borders of controls, the focus ring and what
// charts draw at least 3 on the surfaces they stand on, in both themes; and the values are those that were measured (EXPERIENCE 6).
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, check, same } from './house.mjs';

const css = readFileSync(join(ROOT, 'web/theme.css'), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');

function values(block) {
    return Object.fromEntries([...block.matchAll(/--([\w-]+)\s*:\s*(#[0-9a-fA-F]{6})\b/g)].map(m => [m[1], m[2].toUpperCase()]));
}
function block(head) {
    const at = css.search(head);
    check(at >= 0, `theme.css has no block ${head}`);
    return css.slice(css.indexOf('{', at) + 1, css.indexOf('}', at));
}
const light = values(block(/:root\s*\{/));
const dark = { ...light, ...values(block(/:root:not\(\[data-theme=["']?light["']?\]\)\s*\{/)) };
const chosen = { ...light, ...values(block(/:root\[data-theme=["']?dark["']?\]\s*\{/)) };

const channel = v => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
const luminance = hex => [1, 3, 5].map(i => channel(parseInt(hex.slice(i, i + 2), 16))).reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
export const contrast = (a, b) => {
    const [x, y] = [luminance(a), luminance(b)].sort((p, q) => q - p);
    return (x + 0.05) / (y + 0.05);
};
const GROUNDS = ['bg', 'surface', 'raised', 'sunken'];

function least(theme, names, grounds, bar) {
    const bad = [];
    for (const name of names)
        for (const ground of grounds) {
            check(theme[name] && theme[ground], `there is no --${name} or --${ground}`);
            const ratio = contrast(theme[name], theme[ground]);
            if (ratio < bar)
                bad.push(`--${name} on --${ground}: ${ratio.toFixed(2)}`);
        }
    same(bad, [], `under ${bar}`);
}

const tests = {
    'the formula is right': () => {
        check(Math.abs(contrast('#000000', '#FFFFFF') - 21) < 1e-9, 'black on white is 21');
        check(Math.abs(contrast('#767676', '#FFFFFF') - 4.54) < 0.01, 'the well-known grey is 4.54');
    },
    'the values are those of EXPERIENCE section 6': () => {
        same(['bg', 'surface', 'ink', 'accent', 'focus', 'outside', 'h6'].map(n => light[n]), ['#F6F4EF', '#FFFDF9', '#23272B', '#1F5F7A', '#A84C08', '#9A6418', '#1F5E7A'], 'light');
        same(['bg', 'surface', 'ink', 'accent', 'focus', 'outside', 'h6'].map(n => dark[n]), ['#15181B', '#1C2024', '#E7E5DF', '#7DBAD3', '#F0A35C', '#D9A05B', '#82C3D7'], 'dark');
        check(Math.abs(contrast(light.ink, light.surface) - 14.80) < 0.01, 'ink on surface is 14.80');
        check(Math.abs(contrast(dark.ink, dark.surface) - 13.01) < 0.01, 'dark ink on surface is 13.01');
    },
    'the dark block stands twice with the same values': () => same(chosen, dark, 'chosen dark against the system\'s dark'),
    'no colour is named outside the two themes': () => {
        const rest = css.replace(/:root[^{]*\{[^}]*\}/g, '');
        const named = [...rest.matchAll(/#[0-9a-fA-F]{3,8}\b|\brgba?\([^)]*\)|\bhsla?\([^)]*\)/g)].map(m => m[0]);
        same(named, [], 'colours by value');
    },
    'nothing is fetched, moved or shaded': () => {
        check(!/@import|url\(\s*['"]?(https?:|\/\/)/.test(css), 'something is fetched');
        check(!/gradient\(/.test(css), 'a gradient');
        check(/prefers-reduced-motion/.test(css), 'prefers-reduced-motion is not honoured');
        check(/@media print/.test(css), 'there is no print style');
    },
};
for (const [name, theme] of [['light', light], ['dark', dark]]) {
    tests[`text has 4.5 on the four surfaces (${name})`] = () => least(theme, ['ink', 'ink-2', 'ink-3', 'link', 'ok', 'warn', 'danger', 'private'], GROUNDS, 4.5);
    tests[`text on the accent has 4.5 (${name})`] = () => { least(theme, ['on-accent'], ['accent'], 4.5); least(theme, ['ink'], ['accent-soft', 'band'], 4.5); };
    tests[`the focus ring and control borders have 3 (${name})`] = () => least(theme, ['focus', 'line-strong', 'accent'], GROUNDS, 3);
    tests[`what charts draw has 3 where charts stand (${name})`] = () => least(theme, ['c1', 'c2', 'c3', 'c4', 'own-hours', 'outside', 'band-edge', 'interval'], ['surface', 'raised'], 3);
}
export default tests;
