// Single keys, for those who switched them on (<html data-keys="on">). Every page is whole without this file. Nothing here makes markup:
// it clicks links that the page already holds, and opens the list of keys.
"use strict";
(function () {
    const root = document.documentElement;
    if (root.dataset.keys !== "on") return;
    const list = document.querySelector("details.keys");
    let waiting = false; // "g" was pressed: the next letter names a page

    function typing(target) {
        return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
    }

    function go(key) {
        for (const link of document.querySelectorAll("header a[data-key]")) {
            if (link.dataset.key === key) {
                link.click();
                return true;
            }
        }
        return false;
    }

    // What a page has new things made with: the link or button that is marked for it.
    function make() {
        const link = document.querySelector('main [data-key="n"]');
        if (link) link.click();
        return link !== null;
    }

    // Up and down a list: the first link of the next entry, or of the one before.
    function move(step) {
        const links = [];
        for (const entry of document.querySelectorAll("main .lines > li, main .threads > li")) {
            const link = entry.querySelector("a[href], summary");
            if (link) links.push(link);
        }
        if (!links.length) return false;
        const here = links.findIndex((link) => link.closest("li").contains(document.activeElement));
        const at = here < 0 ? (step > 0 ? 0 : links.length - 1) : Math.min(Math.max(here + step, 0), links.length - 1);
        links[at].focus();
        return true;
    }

    const single = { "?": () => toggle(), n: make, j: () => move(1), k: () => move(-1) };

    function toggle(open) {
        if (!list) return false;
        const was = list.open;
        list.open = open === undefined ? !was : open;
        if (list.open !== was && (list.open || list.contains(document.activeElement))) list.querySelector("summary").focus();
        return list.open !== was;
    }

    document.addEventListener("keydown", function (event) {
        if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
        if (event.key === "Escape") {
            waiting = false;
            if (toggle(false)) event.preventDefault();
            return;
        }
        if (typing(event.target)) return;
        const second = waiting;
        waiting = !second && event.key === "g";
        if (waiting) return;
        if (second ? go(event.key) : Object.hasOwn(single, event.key) && single[event.key]()) event.preventDefault();
    });
})();
