# Reading is no change.
base1() { echo 1 >file; mkdir dir; }
hook() { cat file >/dev/null; ls -laR . >/dev/null; find . >/dev/null; }
check() { lacks file; lacks dir/; lacks ''; }
