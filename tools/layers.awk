# awk -f tools/layers.awk src/LAYERS $(find src -name '*.[ch]') : exit 1 on an include that looks upward.
FILENAME ~ /LAYERS$/ {
    sub(/#.*/, "")
    if (/^only /) { sub(/^only /, ""); h = $0; sub(/:.*/, "", h); sub(/^[^:]*:/, ""); door[h] = $0 " "; next }
    if (!/:/) next
    f = $1; sub(/:$/, "", f); known[f] = 1; may[f, f] = 1
    for (i = 2; i <= NF; i++) { if (!known[$i]) { print "LAYERS: " f " names " $i " before it exists"; bad = 1 } may[f, $i] = 1 }
    next
}
/^[ \t]*#[ \t]*include[ \t]*"/ {
    me = FILENAME; sub(/^.*src\//, "", me); dir = me; sub(/\/.*/, "", dir)
    inc = $0; sub(/^[^"]*"/, "", inc); sub(/".*/, "", inc); to = inc; sub(/\/.*/, "", to)
    seen++
    if (!((dir, to) in may)) { print FILENAME ":" FNR ": " dir "/ may not include " inc; bad = 1 }
    else if ((inc in door) && index(door[inc], " " me " ") == 0) { print FILENAME ":" FNR ": " inc " is for" door[inc] "only"; bad = 1 }
}
END { printf "layers: %d includes, %s\n", seen, bad ? "FAILED" : "all look down"; exit bad }
