# Overlayfs keeps all whiteouts of a mount in one inode with many names.
base1() { for i in 1 2 3 4 5 6 7 8; do echo 1 >"$i"; done; }
hook() { rm 1 2 3 4 5 6 7 8; }
check() { for i in 1 2 3 4 5 6 7 8; do deleted $i; done; }
