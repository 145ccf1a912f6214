// Runs the browser tests: node test/ui/all.mjs [FILE[:WORDS]…]. Each file exports an object of sentences, each with a function that throws when
// it does not hold; with WORDS, those that hold the words are run. The last line is `N passed, N failed`. --list names the files.
import { closeChrome } from './house.mjs';

const FILES = ['access', 'first', 'contrast', 'charts', 'settings', 'calm', 'print', 'speed', 'lab', 'arena', 'board', 'letters',
    'circles', 'counsel', 'battle', 'moderation', 'authors', 'deadlines', 'digest', 'near', 'terms'];
const asked = process.argv.slice(2);
if (asked[0] === '--list') {
    console.log(FILES.join('\n'));
    process.exit(0);
}
const started = Date.now();
let passed = 0, failed = 0;

for (const given of asked.length ? asked : FILES) {
    const [file, words = ''] = given.split(':');
    let tests;
    try {
        tests = (await import(`./${file}.mjs`)).default;
    } catch (e) {
        tests = { 'can be loaded': () => { throw e; } };
    }
    for (const [sentence, test] of Object.entries(tests).filter(([s]) => s.includes(words))) {
        const began = Date.now();
        let clock;
        try {
            await Promise.race([test(), new Promise((_, no) => { clock = setTimeout(() => no(new Error('it took more than 4 minutes')), 240000); })]);
            passed++;
            if (process.env.VERBOSE)
                console.log(`ok ${file}: ${sentence} (${((Date.now() - began) / 1000).toFixed(1)} s)`);
        } catch (e) {
            failed++;
            console.log(`FAILED ${file}: ${sentence}\n    ${String(e.stack || e).split('\n').slice(0, 25).join('\n    ')}`);
        }
        clearTimeout(clock);
    }
}
await closeChrome();
console.log(`${((Date.now() - started) / 1000).toFixed(1)} s\n${passed} passed, ${failed} failed`);
process.exit(failed || !passed ? 1 : 0);
