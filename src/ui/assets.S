/* Files of web/ and data/ inside the program. Each line below is one row of `asset_rows` (struct asset in ui/assets.h: name, type,
 * bytes); a zeroed row ends them. Assembled with -I of the project's folder; meson.build names the files as what this depends on,
 * because an embedded file by itself does not make the object new. */

.macro asset name, type, file
    .section .rodata
771:
    .asciz "\name"
772:
    .asciz "\type"
773:
    .incbin "\file"
774:
    .byte 0
    .section .data.rel.ro,"aw",@progbits
    .quad 771b, 772b, 773b, 774b - 773b
.endm

    .section .data.rel.ro,"aw",@progbits
    .balign 8
    .globl asset_rows
    .hidden asset_rows
    .type asset_rows, @object
asset_rows:
    asset "theme.css", "text/css; charset=utf-8", "web/theme.css"
    asset "keys.js", "text/javascript; charset=utf-8", "web/keys.js"
    asset "icon.svg", "image/svg+xml", "web/icon.svg"
    asset "crisis.json", "application/json", "data/crisis.json"
    asset "bots.txt", "text/plain; charset=utf-8", "data/bots.txt"
    asset "agents.txt", "text/plain; charset=utf-8", "data/agents.txt"
    asset "common.txt", "text/plain; charset=utf-8", "data/common.txt"
    asset "names.txt", "text/plain; charset=utf-8", "data/names.txt"
    asset "venues.txt", "text/plain; charset=utf-8", "data/venues.txt"
    asset "words.en.txt", "text/plain; charset=utf-8", "data/words.en.txt"
    asset "words.zh.txt", "text/plain; charset=utf-8", "data/words.zh.txt"
    .section .data.rel.ro,"aw",@progbits
    .quad 0, 0, 0, 0
    .size asset_rows, . - asset_rows

    .section .note.GNU-stack,"",@progbits
