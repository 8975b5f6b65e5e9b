# A parent of a change is in the layer, with the attributes that it has.
base1() { mkdir -p a/b; chmod 0711 a; chmod 0700 a/b; chown 7:8 a a/b; echo 1 >a/b/c; }
hook() { echo 2 >a/b/c; }
check() { says a/ 'drwx--x--x 7/8 *'; says a/b/ 'drwx------ 7/8 *'; }
